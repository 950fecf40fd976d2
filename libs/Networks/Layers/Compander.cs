namespace Rewas.Networks.Layers;

/// <summary>
/// Compresses the tails of each channel of a picture [B, Z, F, M] by asinh(x) scale, and expands them by sinh(x / scale).
/// Values near 0 stay proportional. Large values grow with their logarithm.
/// </summary>
public sealed class Compander(Scope at, int channels)
{
    /// <summary>
    /// Inverse hyperbolic sine of the largest expanded value. It limits a denoiser's outliers to the range of real sounds.
    /// </summary>
    const float Most = 4.5f;

    readonly Tensor scale = at.Buffer("scale", Init.Ones, 1, channels, 1, 1);

    public Tensor Compress(Tensor x) => x.Asinh() * scale;

    public Tensor Expand(Tensor x)
    {
        var tall = (x / scale).Clamp(-Most, Most).Exp();
        return (tall - tall.Scalar(1) / tall) * 0.5f;
    }
}
