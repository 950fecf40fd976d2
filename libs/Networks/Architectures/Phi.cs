using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the energy predictor; the defaults are the published ones (22 M parameters).</summary>
public sealed record PhiConfiguration
{
    /// <summary>Number of video feature channels that are read.</summary>
    public int Channels { get; init; } = 768;

    /// <summary>Number of further channels, which are not read.</summary>
    public int Unread { get; init; }

    public int Depth { get; init; } = 3;

    /// <summary>Attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Layer widths between a token and its energy.</summary>
    public int[] HeadWidths { get; init; } = [128, 64, 16];

    /// <summary>Values per token: 1 for energy.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>
    /// Whether a token attends to all tokens of its clip. The published network passes its clips to a layer that expects time on the first
    /// axis, so a token attends only to itself and the learned bias token: false.
    /// </summary>
    public bool AttendAcrossTokens { get; init; }

    /// <summary>
    /// Number of tokens with a learned position; a clip must then have exactly this many. 0: no positions, any number of tokens.
    /// </summary>
    public int Positions { get; init; }

    /// <summary>Dropout inside the feed-forward layers while training.</summary>
    public float Dropout { get; init; }

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.Channels, 1, 4096).InRange(c.Unread, 0, 4096).InRange(c.Depth, 1, 64).InRange(c.Heads, 1, 256)
            .Multiple(c.Channels, c.Heads)
            .InRange(c.FeedForwardFactor, 1, 16).EachInRange(c.HeadWidths, 1, 4096, atLeast: 0)
            .InRange(c.Outputs, 1, 64).InRange(c.Positions, 0, 65_536)
            .InRange(c.Dropout, 0, 0.9).ThrowIfAny();
    }
}

/// <summary>
/// The energy predictor: predicts the energy of the sound at the time of each video feature. ReWaS (Jeong et al., 2024, arXiv 2407.05551),
/// section 3.2; published as Phi of naver-ai/rewas.
/// </summary>
public sealed class Phi
{
    readonly Linear enter;
    readonly Tensor? positions;
    readonly PhiBlock[] blocks;
    readonly Linear[] head;
    readonly int channels;
    readonly bool unread;

    public Phi(Scope at, PhiConfiguration c)
    {
        (channels, unread) = (c.Channels, c.Unread > 0);
        enter = new(at / "projection1" / 0, c.Channels, c.Channels);
        positions = c.Positions > 0 ? at.Get("positions", Init.Normal, 1, c.Positions, c.Channels) : null;
        blocks = [.. Enumerable.Range(0, c.Depth).Select(i => new PhiBlock(at / "hint_blocks" / "blocks" / i, c))];
        int[] widths = [c.Channels, .. c.HeadWidths, c.Outputs];
        head = [.. Enumerable.Range(0, widths.Length - 1).Select(i => new Linear(at / "projection2" / (2 * i), widths[i], widths[i + 1]))];
    }

    public static NetworkDefinition Define(PhiConfiguration c)
    {
        c.Check();
        var tokens = c.Positions > 0 ? c.Positions : -1;
        return new("phi",
            [new("features", ElementType.Float32, [-1, tokens, c.Channels + c.Unread], "Video features of a window in order of time.")],
            [new("energy", ElementType.Float32, [-1, tokens, c.Outputs],
                "Mean log mel of the sound at each feature's time, before smoothing; or what else it was trained on.")],
            scope =>
            {
                var network = new Phi(scope / "phi", c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor features)                                   // [B, N, C], published [B, 112, 768]
    {
        var x = enter.Forward(unread ? features.Slice(2, 0, channels) : features);
        if (positions is not null)
            x += positions;
        foreach (var block in blocks)
            x = block.Forward(x);
        foreach (var layer in head[..^1])
            x = layer.Forward(x).Relu();                                     // [B, N, 128], [B, N, 64], [B, N, 16] as published
        return head[^1].Forward(x);                                          // [B, N, O]
    }
}

/// <summary>Attention and a feed-forward layer, each behind its normalisation.</summary>
sealed class PhiBlock(Scope at, PhiConfiguration c)
{
    readonly LayerNorm norm1 = new(at / "norm_1", c.Channels, 1e-6f), norm2 = new(at / "norm_2", c.Channels, 1e-6f);
    readonly PhiAttention attention = new(at / "attn", c);
    readonly Mlp mlp = new(at / "mlp", c.Channels, c.FeedForwardFactor * c.Channels, c.Dropout);

    public Tensor Forward(Tensor x)                                          // [B, N, C] -> [B, N, C]
    {
        x += attention.Forward(norm1.Forward(x));
        return x + mlp.Forward(norm2.Forward(x));
    }
}

/// <summary>Attention with one extra, learned key and value for all tokens: PyTorch's `add_bias_kv`.</summary>
sealed class PhiAttention(Scope at, PhiConfiguration c)
{
    readonly PackedProjection projection = new(at, c.Channels);
    readonly Tensor biasKey = at.Get("bias_k", Init.Normal, 1, 1, c.Channels), biasValue = at.Get("bias_v", Init.Normal, 1, 1, c.Channels);

    public Tensor Forward(Tensor x)                                          // [B, N, C] -> [B, N, C]
    {
        var (query, key, value) = (projection.Query(x), projection.Key(x), projection.Value(x));
        return projection.Output(c.AttendAcrossTokens
            // N queries, N + 1 keys
            ? query.MultiHeadAttention(key.Concat(1, biasKey.RepeatAs(x)), value.Concat(1, biasValue.RepeatAs(x)), c.Heads)
            : SelfAndBias(query, key, value));
    }

    /// <summary>Each token attends to itself and the bias token. The softmax of two scores is the sigmoid of their difference.</summary>
    Tensor SelfAndBias(Tensor query, Tensor key, Tensor value)
    {
        var width = c.Channels / c.Heads;
        var score = (Heads(query) * Heads(key - biasKey)).Sum(-1) / MathF.Sqrt(width);   // [B, N, H, 1]: own minus bias
        var attended = Heads(biasValue) + score.Sigmoid() * Heads(value - biasValue);    // [B, N, H, D]
        return attended.Reshape(query.Shape[0], query.Shape[1], c.Channels);

        Tensor Heads(Tensor t) => t.Reshape(t.Shape[0], t.Shape[1], c.Heads, width);
    }
}
