using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The sound branch of Synchformer: Audio Spectrogram Transformer (Gong et al., 2021, arXiv 2104.01778) over overlapping patches of a
/// segment's log mel, then one transformer layer that pools the frequencies of each time; published as `afeat_extractor`.
/// </summary>
sealed class SpectrogramTransformer
{
    const float Epsilon = 1e-12f, AggregationEpsilon = 1e-6f;

    /// <summary>The class token and the distillation token, which training used.</summary>
    const int AuxiliaryTokens = 2;

    readonly SynchformerConfiguration c;
    readonly Tensor classToken, distillationToken, positions, patchWeight, patchBias;
    readonly SpectrogramTransformerLayer[] layers;
    readonly LayerNorm norm;
    readonly TokenAggregation aggregation;

    public SpectrogramTransformer(Scope at, SynchformerConfiguration configuration)
    {
        c = configuration;
        var (ast, embeddings) = (at / "ast", at / "ast" / "embeddings");
        classToken = embeddings.Get("cls_token", Init.Normal, 1, 1, c.Channels);
        distillationToken = embeddings.Get("distillation_token", Init.Normal, 1, 1, c.Channels);
        positions = embeddings.Get("position_embeddings", Init.Normal, 1, AuxiliaryTokens + c.SoundBins * c.SoundTimes, c.Channels);
        var projection = embeddings / "patch_embeddings" / "projection";
        patchWeight = projection["weight", c.Channels, 1, c.SoundPatch, c.SoundPatch];
        patchBias = projection.Get("bias", Init.Zeros, c.Channels);
        layers =
            [.. Enumerable.Range(0, c.SoundDepth).Select(i => new SpectrogramTransformerLayer(ast / "encoder" / "layer" / i, c, Epsilon))];
        norm = new(ast / "layernorm", c.Channels, Epsilon);
        aggregation = new(at / "freq_attn_agg", c.Channels, c.SoundHeads, c.FeedForwardFactor, AggregationEpsilon);
    }

    public Tensor Forward(Tensor mel)                                        // [S, F, M], published [S, 66, 128]
    {
        var picture = mel.Transpose(0, 2, 1).Reshape(-1, 1, c.MelBins, c.MelFrames);                 // [S, 1, M, F]
        var patches = picture.Conv2d(patchWeight, patchBias, c.SoundStride)                          // [S, C, f, t]
            .Reshape(-1, c.Channels, c.SoundBins * c.SoundTimes).Transpose(0, 2, 1);                 // [S, f * t, C]
        var x = classToken.RepeatAs(patches).Concat(1, distillationToken.RepeatAs(patches), patches) + positions;
        foreach (var layer in layers)
            x = layer.Forward(x);                                            // [S, 2 + f * t, C]
        x = norm.Forward(x).Slice(1, AuxiliaryTokens);                       // [S, f * t, C]
        x = x.Reshape(-1, c.SoundBins, c.SoundTimes, c.Channels).Transpose(0, 2, 1, 3);              // [S, t, f, C]
        return aggregation.Forward(x.Reshape(-1, c.SoundBins, c.Channels)).Reshape(-1, c.SoundTimes, c.Channels);   // [S, t, C]
    }
}

/// <summary>Attention, then a feed-forward layer, each behind its normalisation. Weights are named as in Hugging Face's ViT.</summary>
sealed class SpectrogramTransformerLayer(Scope at, SynchformerConfiguration c, float epsilon)
{
    readonly LayerNorm before = new(at / "layernorm_before", c.Channels, epsilon);
    readonly LayerNorm after = new(at / "layernorm_after", c.Channels, epsilon);
    readonly Linear query = new(at / "attention" / "attention" / "query", c.Channels, c.Channels);
    readonly Linear key = new(at / "attention" / "attention" / "key", c.Channels, c.Channels);
    readonly Linear value = new(at / "attention" / "attention" / "value", c.Channels, c.Channels);
    readonly Linear mixed = new(at / "attention" / "output" / "dense", c.Channels, c.Channels);
    readonly Linear widen = new(at / "intermediate" / "dense", c.Channels, c.FeedForwardFactor * c.Channels);
    readonly Linear narrow = new(at / "output" / "dense", c.FeedForwardFactor * c.Channels, c.Channels);

    public Tensor Forward(Tensor x)                                          // [S, N, C] -> the same
    {
        var normed = before.Forward(x);
        x += mixed.Forward(query.Forward(normed).MultiHeadAttention(key.Forward(normed), value.Forward(normed), c.SoundHeads));
        return x + narrow.Forward(widen.Forward(after.Forward(x)).Gelu());
    }
}
