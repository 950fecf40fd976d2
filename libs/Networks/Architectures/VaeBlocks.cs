using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Two convolutions round a shortcut, each after normalisation and SiLU.</summary>
sealed class VaeResidualBlock(Scope at, VaeConfiguration c, int inputs, int outputs)
{
    readonly GroupNorm norm1 = VaeBlocks.Norm(at / "norm1", c, inputs), norm2 = VaeBlocks.Norm(at / "norm2", c, outputs);
    readonly Conv2d conv1 = new(at / "conv1", inputs, outputs, 3), conv2 = new(at / "conv2", outputs, outputs, 3);
    readonly Conv2d? shortcut = inputs == outputs ? null : new(at / "nin_shortcut", inputs, outputs, 1);

    public Tensor Forward(Tensor x)                                          // [B, I, H, W] -> [B, O, H, W]
    {
        var h = conv1.Forward(norm1.Forward(x).Silu());
        h = conv2.Forward(norm2.Forward(h).Silu());
        return (shortcut?.Forward(x) ?? x) + h;
    }
}

/// <summary>Single-head attention between all positions of the picture.</summary>
sealed class VaeAttention(Scope at, VaeConfiguration c, int channels)
{
    readonly GroupNorm norm = VaeBlocks.Norm(at / "norm", c, channels);
    readonly Conv2d query = new(at / "q", channels, channels, 1), key = new(at / "k", channels, channels, 1);
    readonly Conv2d value = new(at / "v", channels, channels, 1), output = new(at / "proj_out", channels, channels, 1);

    public Tensor Forward(Tensor x)                                          // [B, C, H, W] -> [B, C, H, W]
    {
        var h = norm.Forward(x);
        var attended = query.Forward(h).ToTokens()                           // [B, H * W, C]
            .MultiHeadAttention(key.Forward(h).ToTokens(), value.Forward(h).ToTokens(), heads: 1);
        return x + output.Forward(attended.ToPicture(x.Shape[2], x.Shape[3]));
    }
}

/// <summary>The middle between encoder and decoder levels.</summary>
sealed class VaeMiddle(Scope at, VaeConfiguration c, int channels)
{
    readonly VaeResidualBlock before = new(at / "block_1", c, channels, channels), after = new(at / "block_2", c, channels, channels);
    readonly VaeAttention attention = new(at / "attn_1", c, channels);

    public Tensor Forward(Tensor x) => after.Forward(attention.Forward(before.Forward(x)));   // [B, C, H, W] unchanged
}

static class VaeBlocks
{
    public static GroupNorm Norm(Scope at, VaeConfiguration c, int channels) => new(at, c.Groups, channels, 1e-6f);

    /// <summary>Turns square patches of a picture into channels: [B, 1, F, M] to [B, p * p, F / p, M / p].</summary>
    public static Tensor ToPatches(this Tensor picture, int p)
    {
        long frames = picture.Shape[2] / p, bins = picture.Shape[3] / p;
        return p == 1 ? picture : picture.Reshape(-1, frames, p, bins, p)    // [B, F / p, p, M / p, p]
            .Transpose(0, 2, 4, 1, 3).Reshape(-1, p * p, frames, bins);
    }
}
