namespace Rewas.Networks.Layers;

/// <summary>Means over squares of [B, C, H, W]. Padding zeros count, as in PyTorch's avg_pool2d.</summary>
/// <param name="size">Side of the square.</param>
/// <param name="stride">Distance between squares. An incomplete square is dropped.</param>
/// <param name="padding">Zeros on each side.</param>
public sealed class AveragePool(int size, int stride, int padding = 0)
{
    public Tensor Forward(Tensor x)                                          // [B, C, H, W] -> [B, C, H / stride, W / stride]
    {
        var channels = x.Shape[1];
        float[] mean = [.. Enumerable.Repeat(1f / (size * size), checked((int)channels * size * size))];
        return x.Conv2d(x.Constant(mean, channels, 1, size, size), null, stride, padding, groups: (int)channels);
    }
}
