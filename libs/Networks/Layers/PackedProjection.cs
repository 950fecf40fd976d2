namespace Rewas.Networks.Layers;

/// <summary>
/// The query, key and value projections of PyTorch's MultiheadAttention, whose weights share one matrix, and its output projection. The
/// caller computes the attention.
/// </summary>
public sealed class PackedProjection(Scope at, int channels)
{
    readonly Tensor weight = at["in_proj_weight", 3 * channels, channels], bias = at.Get("in_proj_bias", Init.Zeros, 3 * channels);
    readonly Linear output = new(at / "out_proj", channels, channels);

    public Tensor Query(Tensor x) => Project(x, 0);                          // [B, N, C] -> [B, N, C]
    public Tensor Key(Tensor x) => Project(x, 1);
    public Tensor Value(Tensor x) => Project(x, 2);
    public Tensor Output(Tensor x) => output.Forward(x);

    Tensor Project(Tensor x, int part) =>
        x.Linear(weight.Slice(0, part * channels, (part + 1) * channels), bias.Slice(0, part * channels, (part + 1) * channels));
}
