using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Two convolutions round a shortcut. The condition (time step and text) is added between them, one number per channel.</summary>
sealed class UNetResidualBlock(Scope at, UNetConfiguration c, int inputs, int outputs)
{
    readonly GroupNorm norm1 = new(at / "in_layers" / 0, c.Groups, inputs, 1e-5f);
    readonly GroupNorm norm2 = new(at / "out_layers" / 0, c.Groups, outputs, 1e-5f);
    readonly Conv2d conv1 = new(at / "in_layers" / 2, inputs, outputs, 3);
    readonly Conv2d conv2 = new(at / "out_layers" / 3, outputs, outputs, 3, zero: true);
    readonly Linear condition = new(at / "emb_layers" / 1, 2 * c.EmbeddingChannels, outputs);
    readonly Conv2d? shortcut = inputs == outputs ? null : new(at / "skip_connection", inputs, outputs, 1, onPath: true);

    /// <param name="x">[B, I, H, W].</param>
    /// <param name="embedding">[B, E], after SiLU.</param>
    public Tensor Forward(Tensor x, Tensor embedding)
    {
        var h = conv1.Forward(norm1.Forward(x).Silu());                      // [B, O, H, W]
        h += condition.Forward(embedding).Reshape(-1, outputs, 1, 1);        // [B, O, 1, 1]
        h = conv2.Forward(norm2.Forward(h).Silu().Dropout(c.Dropout));
        return (shortcut?.Forward(x) ?? x) + h;
    }
}

/// <summary>Multi-head self-attention with the weight names of latent diffusion.</summary>
sealed class UNetSelfAttention(Scope at, int channels, int heads)
{
    readonly Linear query = new(at / "to_q", channels, channels, bias: false), key = new(at / "to_k", channels, channels, bias: false);
    readonly Linear value = new(at / "to_v", channels, channels, bias: false), output = new(at / "to_out" / 0, channels, channels);

    public Tensor Forward(Tensor x) =>                                       // [B, N, C] -> [B, N, C]
        output.Forward(query.Forward(x).MultiHeadAttention(key.Forward(x), value.Forward(x), heads));
}

/// <summary>
/// Two self-attentions, then a gated feed-forward layer (GEGLU, Shazeer, 2020). In latent diffusion the second attention reads text tokens.
/// Without text tokens, as in AudioLDM, it reads the picture again.
/// </summary>
sealed class UNetTransformerBlock(Scope at, int channels, int heads)
{
    const int FeedForwardFactor = 4;
    readonly LayerNorm norm1 = new(at / "norm1", channels, 1e-5f), norm2 = new(at / "norm2", channels, 1e-5f);
    readonly LayerNorm norm3 = new(at / "norm3", channels, 1e-5f);
    readonly UNetSelfAttention first = new(at / "attn1", channels, heads), second = new(at / "attn2", channels, heads);
    readonly Linear widen = new(at / "ff" / "net" / 0 / "proj", channels, 2 * FeedForwardFactor * channels);
    readonly Linear narrow = new(at / "ff" / "net" / 2, FeedForwardFactor * channels, channels);

    public Tensor Forward(Tensor x)                                          // [B, N, C] -> [B, N, C]
    {
        x += first.Forward(norm1.Forward(x));
        x += second.Forward(norm2.Forward(x));
        var halves = widen.Forward(norm3.Forward(x)).Split(2, -1);           // two of [B, N, 4 C]: value and gate
        return x + narrow.Forward(halves[0] * halves[1].Gelu());
    }
}

/// <summary>Transformer blocks over the positions of a picture.</summary>
sealed class UNetSpatialTransformer(Scope at, UNetConfiguration c, int channels)
{
    readonly GroupNorm norm = new(at / "norm", c.Groups, channels, 1e-6f);
    readonly Conv2d enter = new(at / "proj_in", channels, channels, 1, onPath: true);
    readonly Conv2d leave = new(at / "proj_out", channels, channels, 1, zero: true, onPath: true);
    readonly UNetTransformerBlock[] blocks =
        [
            .. Enumerable.Range(0, c.TransformerDepth)
                .Select(i => new UNetTransformerBlock(at / "transformer_blocks" / i, channels, channels / c.HeadChannels)),
        ];

    public Tensor Forward(Tensor x)                                          // [B, C, H, W] -> [B, C, H, W]
    {
        var tokens = enter.Forward(norm.Forward(x)).ToTokens();              // [B, H * W, C]
        foreach (var block in blocks)
            tokens = block.Forward(tokens);
        return x + leave.Forward(tokens.ToPicture(x.Shape[2], x.Shape[3]));
    }
}

/// <summary>A residual block, followed by a transformer at levels with attention.</summary>
sealed class UNetBlock(Scope at, UNetConfiguration c, int inputs, int outputs, bool attends)
{
    readonly UNetResidualBlock residual = new(at / 0, c, inputs, outputs);
    readonly UNetSpatialTransformer? transformer = attends ? new(at / 1, c, outputs) : null;

    public Tensor Forward(Tensor x, Tensor embedding)                        // [B, I, H, W] -> [B, O, H, W]
    {
        var h = residual.Forward(x, embedding);
        return transformer?.Forward(h) ?? h;
    }
}
