namespace Rewas.Networks.Layers;

/// <summary>The feed-forward half of a transformer block: wider, GELU, narrow again. Weights "fc1" and "fc2" as in timm.</summary>
public sealed class Mlp(Scope at, int channels, int hidden, float dropout = 0)
{
    readonly Linear widen = new(at / "fc1", channels, hidden), narrow = new(at / "fc2", hidden, channels);

    public Tensor Forward(Tensor x) =>                                       // [B, N, C] -> [B, N, C]
        narrow.Forward(widen.Forward(x).Gelu().Dropout(dropout));
}
