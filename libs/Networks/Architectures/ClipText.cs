using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of CLIP's text encoder. The defaults are those of the published ViT-B/32.</summary>
public sealed record ClipTextConfiguration
{
    /// <summary>Upper limit of token ids, exclusive. The last id ends a text.</summary>
    public int Vocabulary { get; init; } = 49_408;

    /// <summary>Tokens per text, including start and end. Tokens after the end do not affect the result.</summary>
    public int ContextLength { get; init; } = 77;

    public int Channels { get; init; } = 512;

    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 512;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.Vocabulary, 1, 1_000_000).InRange(c.ContextLength, 1, 1024)
            .InRange(c.Channels, 1, 4096).InRange(c.Depth, 1, 64).InRange(c.Heads, 1, 256).Multiple(c.Channels, c.Heads)
            .InRange(c.FeedForwardFactor, 1, 16).InRange(c.EmbeddingChannels, 1, 8192).ThrowIfAny();
    }
}

/// <summary>
/// The text encoder of CLIP: embeds token ids as unit-length vectors in the space shared with pictures. A causal transformer (Radford et
/// al., 2021, arXiv 2103.00020), section 2.4; published by openai/CLIP, ViT-B/32, as everything except `visual`.
/// </summary>
public sealed class ClipText
{
    const float Masked = -1e9f;                                              // a score so low that softmax gives exactly 0
    readonly ClipTextConfiguration c;
    readonly Tensor words, positions, projection;
    readonly ClipTransformer transformer;
    readonly LayerNorm norm;

    public ClipText(Scope at, ClipTextConfiguration configuration)
    {
        c = configuration;
        words = (at / "token_embedding").Get("weight", Init.Normal, c.Vocabulary, c.Channels);
        positions = at.Get("positional_embedding", Init.Normal, c.ContextLength, c.Channels);
        transformer = new(at / "transformer", c.Depth, c.Channels, c.Heads, c.FeedForwardFactor);
        norm = new(at / "ln_final", c.Channels, 1e-5f);
        projection = at["text_projection", c.Channels, c.EmbeddingChannels];
        // Published files also hold the log of the logit scale, which embeddings do not need.
        _ = at.Buffer("logit_scale");
    }

    public static NetworkDefinition Define(ClipTextConfiguration c)
    {
        c.Check();
        return new("clip_text",
            [new("ids", ElementType.Int64, [-1, c.ContextLength], "Token ids; the largest of a text is its end.")],
            [new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels], "Text embedding of unit length.")],
            scope =>
            {
                var network = new ClipText(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor ids)                                        // [B, L] int64, published [B, 77]
    {
        var x = transformer.Forward(words.Gather(ids) + positions, Causal(ids));                   // [B, L, C]
        var pooled = (x * AtEnd(ids).Reshape(-1, c.ContextLength, 1)).Sum(1, keepAxis: false);     // [B, C]: the end has seen all
        return norm.Forward(pooled).MatMul(projection).L2Normalize(-1);      // [B, 512]
    }

    /// <summary>Masks later tokens: [1, 1, L, L].</summary>
    Tensor Causal(Tensor like)
    {
        var length = c.ContextLength;
        float[] bias = [.. Enumerable.Range(0, length * length).Select(i => i % length > i / length ? Masked : 0)];
        return like.Constant(bias, 1, 1, length, length);
    }

    /// <summary>1 at the end of each text, else 0: [B, L].</summary>
    Tensor AtEnd(Tensor ids)
    {
        long[] places = [.. Enumerable.Range(0, c.ContextLength)];
        return (ids.Constant(places, 1, c.ContextLength) - ids.ArgMax().Reshape(-1, 1)).EqualTo(0).ToFloat();
    }
}
