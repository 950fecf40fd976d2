using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// Says by how much a sound is early or late against its picture. Synchformer (Iashin et al., 2024, arXiv 2401.16423): the sound branch,
/// and the transformer that compares the features of picture and sound; published as `afeat_extractor`, `aproj`, `vproj` and `transformer`
/// of v-iashin/Synchformer. The visual branch is <see cref="Motionformer"/>, a network of its own, because its features serve several
/// sounds of one film.
/// </summary>
public sealed class Synchformer
{
    const float Epsilon = 1e-5f;

    readonly SynchformerConfiguration c;
    readonly SpectrogramTransformer sound;
    readonly Linear videoProjection, soundProjection, head;
    readonly LayerNorm videoNorm, soundNorm, norm;
    readonly Tensor offsetToken, separator, positions;
    readonly SynchformerBlock[] blocks;

    public Synchformer(Scope at, SynchformerConfiguration configuration)
    {
        c = configuration;
        var transformer = at / "transformer";
        sound = new(at / "afeat_extractor", c);
        (videoProjection, soundProjection) = (new(at / "vproj", c.Channels, c.Channels), new(at / "aproj", c.Channels, c.Channels));
        videoNorm = new(transformer / "vis_in_lnorm", c.Channels, Epsilon);
        soundNorm = new(transformer / "aud_in_lnorm", c.Channels, Epsilon);
        offsetToken = transformer.Get("OFF_tok", Init.Normal, 1, 1, c.Channels);
        separator = transformer.Get("MOD_tok", Init.Normal, 1, 1, c.Channels);
        var tokens = 2 + c.Segments * (c.VideoTimes + c.SoundTimes);
        positions = (transformer / "pos_emb_cfg").Get("pos_emb", Init.Normal, 1, tokens, c.Channels);
        blocks = [.. Enumerable.Range(0, c.Depth).Select(i => new SynchformerBlock(transformer / "blocks" / i, c, Epsilon))];
        norm = new(transformer / "ln_f", c.Channels, Epsilon);
        head = new(transformer / "off_head", c.Channels, c.Offsets);
    }

    public static NetworkDefinition Define(SynchformerConfiguration c)
    {
        c.Check();
        return new("synchformer",
            [
                new("features", ElementType.Float32, [1, c.Segments * c.VideoTimes, c.Channels],
                    "Features of the picture's segments, by motionformer, one segment after another."),
                new("mel", ElementType.Float32, [c.Segments, c.MelFrames, c.MelBins],
                    "Log mel of the sound's segments: ln(power + 1e-6), a frame of 0 at the end, (value + 4.2677393) / 9.1379948."),
            ],
            [
                new("offsets", ElementType.Float32, [1, c.Offsets], "Scores of the offsets, evenly spaced from -2 to 2 s."),
                new("sound", ElementType.Float32, [c.Segments, c.SoundTimes, c.Channels], "Features of the sound's segments."),
            ],
            scope =>
            {
                var network = new Synchformer(scope, c);
                return inputs =>
                {
                    var features = network.sound.Forward(inputs[1]);
                    return [network.Compare(inputs[0], features), features];
                };
            });
    }

    /// <summary>Scores of the offsets: features of the picture [1, S * t, C] and of the sound [S, u, C] to [1, O].</summary>
    public Tensor Compare(Tensor video, Tensor soundFeatures)
    {
        var picture = videoNorm.Forward(videoProjection.Forward(video));     // [1, S * t, C]
        var heard = soundNorm.Forward(soundProjection.Forward(soundFeatures.Reshape(1, c.Segments * c.SoundTimes, c.Channels)));
        var x = offsetToken.Concat(1, picture, separator, heard) + positions;               // [1, 2 + S * (t + u), C]
        foreach (var block in blocks)
            x = block.Forward(x);
        return head.Forward(norm.Forward(x.Slice(1, 0, 1))).Reshape(1, c.Offsets);
    }
}

/// <summary>Attention, then a feed-forward layer, each behind its normalisation. Weights are named as in minGPT.</summary>
sealed class SynchformerBlock(Scope at, SynchformerConfiguration c, float epsilon)
{
    readonly LayerNorm norm1 = new(at / "ln1", c.Channels, epsilon), norm2 = new(at / "ln2", c.Channels, epsilon);
    readonly Linear query = new(at / "attn" / "query", c.Channels, c.Channels), key = new(at / "attn" / "key", c.Channels, c.Channels);
    readonly Linear value = new(at / "attn" / "value", c.Channels, c.Channels), mixed = new(at / "attn" / "proj", c.Channels, c.Channels);
    readonly Linear widen = new(at / "mlp" / 0, c.Channels, c.FeedForwardFactor * c.Channels);
    readonly Linear narrow = new(at / "mlp" / 2, c.FeedForwardFactor * c.Channels, c.Channels);

    public Tensor Forward(Tensor x)                                          // [B, N, C] -> the same
    {
        var normed = norm1.Forward(x);
        x += mixed.Forward(query.Forward(normed).MultiHeadAttention(key.Forward(normed), value.Forward(normed), c.Heads));
        return x + narrow.Forward(widen.Forward(norm2.Forward(x)).Gelu());
    }
}
