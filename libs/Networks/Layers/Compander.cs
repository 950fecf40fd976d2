namespace Rewas.Networks.Layers;

/// <summary>
/// Compresses the tails of each channel of a picture [B, Z, F, M], and expands them again: asinh(x) scale, and sinh(x / scale). What is near 0 stays
/// in proportion, what is large grows with its logarithm.
/// </summary>
public sealed class Compander(Scope at, int channels)
{
    /// <summary>The inverse hyperbolic sine of the largest value that is expanded: a denoiser's outlier stays within what sounds have.</summary>
    const float Most = 4.5f;

    readonly Tensor scale = at.Buffer("scale", Init.Ones, 1, channels, 1, 1);

    public Tensor Compress(Tensor x) => x.Asinh() * scale;

    public Tensor Expand(Tensor x)
    {
        var tall = (x / scale).Clamp(-Most, Most).Exp();
        return (tall - tall.Scalar(1) / tall) * 0.5f;
    }
}
