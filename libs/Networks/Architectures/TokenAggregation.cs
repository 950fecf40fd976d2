using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// One transformer layer over a group of tokens and a class token of its own. The class token's output is the group's feature, and only
/// that output is computed.
/// </summary>
sealed class TokenAggregation(Scope at, int channels, int heads, int feedForwardFactor, float epsilon)
{
    readonly Tensor classToken = at.Get("cls_token", Init.Normal, 1, 1, channels);
    readonly LayerNorm norm1 = new(at / "norm1", channels, epsilon), norm2 = new(at / "norm2", channels, epsilon);
    readonly PackedProjection attention = new(at / "self_attn", channels);
    readonly Linear widen = new(at / "linear1", channels, feedForwardFactor * channels);
    readonly Linear narrow = new(at / "linear2", feedForwardFactor * channels, channels);

    public Tensor Forward(Tensor groups)                                     // [B, n, C] -> [B, 1, C]
    {
        var tokens = classToken.RepeatAs(groups).Concat(1, groups);          // [B, 1 + n, C]
        var normed = norm1.Forward(tokens);
        var query = attention.Query(normed.Slice(1, 0, 1));                  // [B, 1, C]
        var gathered = query.MultiHeadAttention(attention.Key(normed), attention.Value(normed), heads);
        var feature = tokens.Slice(1, 0, 1) + attention.Output(gathered);    // [B, 1, C]
        return feature + narrow.Forward(widen.Forward(norm2.Forward(feature)).Gelu());
    }
}
