using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>The transformer of both CLIP encoders (Radford et al., 2021, arXiv 2103.00020): `transformer` of openai/CLIP.</summary>
sealed class ClipTransformer(Scope at, int depth, int channels, int heads, int feedForwardFactor)
{
    readonly ClipBlock[] blocks =
        [.. Enumerable.Range(0, depth).Select(i => new ClipBlock(at / "resblocks" / i, channels, heads, feedForwardFactor))];

    /// <param name="x">[B, N, C].</param>
    /// <param name="bias">Added to the attention scores: [1, 1, N, N], or null.</param>
    /// <returns>[B, N, C].</returns>
    public Tensor Forward(Tensor x, Tensor? bias = null)
    {
        foreach (var block in blocks)
            x = block.Forward(x, bias);
        return x;
    }
}

/// <summary>Attention and a feed-forward layer, each behind its normalisation.</summary>
sealed class ClipBlock(Scope at, int channels, int heads, int feedForwardFactor)
{
    readonly LayerNorm norm1 = new(at / "ln_1", channels, 1e-5f), norm2 = new(at / "ln_2", channels, 1e-5f);
    readonly PackedProjection attention = new(at / "attn", channels);
    readonly Linear widen = new(at / "mlp" / "c_fc", channels, feedForwardFactor * channels);
    readonly Linear narrow = new(at / "mlp" / "c_proj", feedForwardFactor * channels, channels);

    public Tensor Forward(Tensor x, Tensor? bias)                            // [B, N, C] -> [B, N, C]
    {
        var normed = norm1.Forward(x);
        x += attention.Output(attention.Query(normed).MultiHeadAttention(attention.Key(normed), attention.Value(normed), heads, bias));
        return x + narrow.Forward(widen.Forward(norm2.Forward(x)).QuickGelu());
    }
}
