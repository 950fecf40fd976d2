namespace Rewas.Networks.Layers;

/// <summary>A convolution over [B, C, H, W] with a square kernel.</summary>
/// <param name="kernel">Side of the kernel.</param>
/// <param name="stride">1, or 2 to halve the picture.</param>
/// <param name="padding">Zeros on each side. Null keeps the size at stride 1.</param>
/// <param name="zero">Starts at zero, so that the layer adds nothing until it is trained.</param>
/// <param name="onPath">
/// Lies on the residual path itself, not on a branch that is added to it. Nothing dilutes its rounding error, so it is never computed in
/// integers.
/// </param>
public sealed class Conv2d(
    Scope at, int inputs, int outputs, int kernel, int stride = 1, int? padding = null, bool zero = false, bool onPath = false)
{
    readonly Tensor weight = at.Get("weight", zero ? Init.Zeros : Init.Uniform, outputs, inputs, kernel, kernel);
    readonly Tensor bias = at.Get("bias", Init.Zeros, outputs);
    readonly int padding = padding ?? kernel / 2;

    /// <returns>[B, O, H / stride, W / stride].</returns>
    public Tensor Forward(Tensor x) => x.Conv2d(onPath ? weight.Unrounded() : weight, bias, stride, padding);   // [B, I, H, W]
}
