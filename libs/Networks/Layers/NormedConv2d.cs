namespace Rewas.Networks.Layers;

/// <summary>
/// A convolution over [B, C, H, W] without bias, normalisation of each channel by stored training statistics (Ioffe and Szegedy, 2015:
/// PyTorch's BatchNorm in evaluation mode), and ReLU. The norm is folded into the convolution.
/// </summary>
public sealed class NormedConv2d
{
    readonly Tensor filters, gain, shift, mean, variance;
    readonly (int Height, int Width) padding;
    readonly int outputs, stride;
    readonly float epsilon;

    /// <param name="convolution">Place of the convolution's weight.</param>
    /// <param name="norm">Place of the norm's weights.</param>
    /// <param name="stride">1, or 2 to halve the picture.</param>
    /// <param name="padding">Zeros above and below, left and right.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public NormedConv2d(
        Scope convolution, Scope norm, int inputs, int outputs, (int Height, int Width) kernel, int stride,
        (int Height, int Width) padding, float epsilon)
    {
        (this.outputs, this.stride, this.padding, this.epsilon) = (outputs, stride, padding, epsilon);
        filters = convolution["weight", outputs, inputs, kernel.Height, kernel.Width];
        gain = norm.Get("weight", Init.Ones, outputs);
        shift = norm.Get("bias", Init.Zeros, outputs);
        mean = norm.Buffer("running_mean", outputs);
        variance = norm.Buffer("running_var", Init.Ones, outputs);
        _ = norm.Buffer("num_batches_tracked");                              // used only by training
    }

    public Tensor Forward(Tensor x)                                          // [B, I, H, W] -> [B, O, H / stride, W / stride]
    {
        var scale = gain / (variance + epsilon).Sqrt();
        var (high, wide) = padding;
        var padded = high == wide ? x : x.Pad(wide, wide, high, high);
        return padded.Conv2d(filters * scale.Reshape(outputs, 1, 1, 1), shift - mean * scale, stride, high == wide ? high : 0).Relu();
    }
}
