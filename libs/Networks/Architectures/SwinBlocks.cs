using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Window attention and a feed-forward layer, each after its normalisation (Liu et al., 2021, arXiv 2103.14030).</summary>
sealed class SwinBlock
{
    readonly LayerNorm norm1, norm2;
    readonly WindowAttention attention;
    readonly Mlp mlp;

    public SwinBlock(Scope at, ClapAudioConfiguration c, int level, bool shifted)
    {
        var channels = c.LevelChannels(level);
        var windows = new SwinWindows(c.LevelSide(level), c.WindowSize, shifted);
        norm1 = new(at / "norm1", channels, ClapAudio.Epsilon);
        norm2 = new(at / "norm2", channels, ClapAudio.Epsilon);
        attention = new(at / "attn", channels, c.Heads[level], windows);
        mlp = new(at / "mlp", channels, c.FeedForwardFactor * channels);
        if (windows.Shifted)
            _ = at.Buffer("attn_mask", windows.Count, windows.Tokens, windows.Tokens);   // stored as published, but determined by the sizes
    }

    public Tensor Forward(Tensor x)                                          // [B, S, S, C] -> the same
    {
        x += attention.Forward(norm1.Forward(x));
        return x + mlp.Forward(norm2.Forward(x));
    }
}

/// <summary>
/// Every token attends to the tokens of its window, with a learned bias per relative position. The windows are treated as additional heads,
/// so that one attention serves all of them.
/// </summary>
sealed class WindowAttention
{
    readonly int channels, heads;
    readonly SwinWindows windows;
    readonly Linear projections, output;
    readonly Tensor offsetBias;

    public WindowAttention(Scope at, int channels, int heads, SwinWindows windows)
    {
        (this.channels, this.heads, this.windows) = (channels, heads, windows);
        projections = new(at / "qkv", channels, 3 * channels);
        output = new(at / "proj", channels, channels);
        var offsets = 2 * windows.Window - 1;
        offsetBias = at.Get("relative_position_bias_table", Init.Normal, offsets * offsets, heads);
        _ = at.Buffer("relative_position_index", windows.Tokens, windows.Tokens);        // stored as published, but determined by the sizes
    }

    public Tensor Forward(Tensor x)                                          // [B, S, S, C] -> the same
    {
        var parts = projections.Forward(windows.Cut(x)).Split(3, -1);        // three of [B, t, n, C]: t tokens in each of n windows
        var attended = Rows(parts[0]).MultiHeadAttention(Rows(parts[1]), Rows(parts[2]), windows.Count * heads, Bias());   // [B, t, n * C]
        return windows.Join(output.Forward(attended.Reshape(-1, windows.Tokens, windows.Count, channels)));

        Tensor Rows(Tensor part) => part.Reshape(-1, windows.Tokens, windows.Count * channels);
    }

    Tensor Bias()                                                            // [1, n * H, t, t]
    {
        long tokens = windows.Tokens, count = windows.Count;
        var bias = offsetBias.Gather(offsetBias.Constant(windows.RelativePositions(), tokens * tokens))   // [t * t, H]
            .Transpose(1, 0).Reshape(1, heads, tokens, tokens);
        var each = windows.Shifted
            ? bias + bias.Constant(windows.Mask(), count, 1, tokens, tokens)
            : bias.Expand(count, -1, -1, -1);                                // [n, H, t, t]
        return each.Reshape(1, count * heads, tokens, tokens);
    }
}

/// <summary>Merges four neighbouring tokens into one with twice the channels, between levels.</summary>
sealed class PatchMerging(Scope at, int channels)
{
    readonly LayerNorm norm = new(at / "norm", 4 * channels, ClapAudio.Epsilon);
    readonly Linear reduction = new(at / "reduction", 4 * channels, 2 * channels, bias: false);

    public Tensor Forward(Tensor x)                                          // [B, S, S, C] -> [B, S / 2, S / 2, 2 C]
    {
        var half = x.Shape[1] / 2;
        var neighbours = x.Reshape(-1, half, 2, half, 2, channels)
            // [B, S / 2, S / 2, column, row, C]: the lower neighbour precedes the right one
            .Transpose(0, 1, 3, 4, 2, 5)
            .Reshape(-1, half, half, 4 * channels);
        return reduction.Forward(norm.Forward(neighbours));
    }
}
