using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The video encoder: turns segments of 16 frames into 8 features each. The visual branch of Synchformer (Iashin et al., 2024, arXiv
/// 2401.16423): Motionformer (Patrick et al., 2021, arXiv 2106.05392) with divided space-time attention, then one transformer layer that
/// pools the places of each time; published as `vfeat_extractor` of v-iashin/Synchformer.
/// </summary>
public sealed class Motionformer
{
    const float Epsilon = 1e-6f;
    readonly MotionformerConfiguration c;
    readonly Tensor classToken, placeEmbedding, timeEmbedding, patchWeight, patchBias;
    readonly MotionformerBlock[] blocks;
    readonly LayerNorm norm;
    readonly TokenAggregation aggregation;

    public Motionformer(Scope at, MotionformerConfiguration configuration)
    {
        c = configuration;
        classToken = at.Get("cls_token", Init.Normal, 1, 1, c.Channels);
        placeEmbedding = at.Get("pos_embed", Init.Normal, 1, c.Places + 1, c.Channels);
        timeEmbedding = at.Get("temp_embed", Init.Normal, 1, c.Times, c.Channels);
        patchWeight = (at / "patch_embed_3d" / "proj")["weight", c.Channels, 3, c.FramesPerToken, c.PatchSize, c.PatchSize];
        patchBias = (at / "patch_embed_3d" / "proj").Get("bias", Init.Zeros, c.Channels);
        // Published files also hold an unused patch embedding of single frames.
        _ = (at / "patch_embed" / "proj").Buffer("weight", c.Channels, 3, c.PatchSize, c.PatchSize);
        _ = (at / "patch_embed" / "proj").Buffer("bias", c.Channels);
        blocks = [.. Enumerable.Range(0, c.Depth).Select(i => new MotionformerBlock(at / "blocks" / i, c, Epsilon))];
        norm = new(at / "norm", c.Channels, Epsilon);
        aggregation = new(at / "spatial_attn_agg", c.Channels, c.Heads, c.FeedForwardFactor, Epsilon);
    }

    public static NetworkDefinition Define(MotionformerConfiguration c)
    {
        c.Check();
        return new("motionformer",
            [new("frames", ElementType.Float32, [-1, 3, c.SegmentFrames, c.FrameSize, c.FrameSize],
            "Segments of RGB frames, (value / 255 - 0.5) / 0.5.")],
            [new("features", ElementType.Float32, [-1, c.Times, c.Channels], "One feature per 2 frames.")],
            scope =>
            {
                var network = new Motionformer(scope / "vfeat_extractor", c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor frames)                                     // [S, 3, 16, H, W]
    {
        // [S, t * n, C], published [S, 8 * 196, 768]
        var patches = Patches(frames).Linear(patchWeight.Reshape(c.Channels, PatchValues), patchBias);
        var x = classToken.RepeatAs(patches).Concat(1, patches) + Positions();                           // [S, 1 + t * n, C]
        foreach (var block in blocks)
            x = block.Forward(x);
        x = norm.Forward(x.Slice(1, 1));                                     // [S, t * n, C], without the class token
        return aggregation.Forward(x.Reshape(-1, c.Places, c.Channels)).Reshape(-1, c.Times, c.Channels);   // [S, t, C]
    }

    long PatchValues => 3L * c.FramesPerToken * c.PatchSize * c.PatchSize;

    /// <summary>The values of each patch of 2 frames in one row, so that the embedding is a matrix product.</summary>
    Tensor Patches(Tensor frames)
    {
        long side = c.PatchesPerSide, p = c.PatchSize;
        return frames.Reshape(-1, 3, c.Times, c.FramesPerToken, side, p, side, p)
            .Transpose(0, 2, 4, 6, 1, 3, 5, 7)                               // [S, t, h, w, 3, 2, p, p]
            .Reshape(-1, c.Times * c.Places, PatchValues);
    }

    Tensor Positions()
    {
        var places = placeEmbedding.Slice(1, 1).Reshape(1, 1, c.Places, c.Channels);
        var times = timeEmbedding.Reshape(1, c.Times, 1, c.Channels);
        return placeEmbedding.Slice(1, 0, 1).Concat(1, (places + times).Reshape(1, c.Times * c.Places, c.Channels));   // [1, 1 + t * n, C]
    }
}

/// <summary>Attention over time, then over space, then a feed-forward layer, each behind its normalisation.</summary>
sealed class MotionformerBlock(Scope at, MotionformerConfiguration c, float epsilon)
{
    readonly LayerNorm timeNorm = new(at / "norm3", c.Channels, epsilon), spaceNorm = new(at / "norm1", c.Channels, epsilon);
    readonly LayerNorm mlpNorm = new(at / "norm2", c.Channels, epsilon);
    readonly DividedAttention time = new(at / "timeattn", c, Neighbours.Time), space = new(at / "attn", c, Neighbours.Space);
    readonly Mlp mlp = new(at / "mlp", c.Channels, c.FeedForwardFactor * c.Channels);

    public Tensor Forward(Tensor x)                                          // [S, 1 + t * n, C] -> the same
    {
        x += time.Forward(timeNorm.Forward(x));
        x += space.Forward(spaceNorm.Forward(x));
        return x + mlp.Forward(mlpNorm.Forward(x));
    }
}
