using Rewas.Networks;
using torch = TorchSharp.torch;
using functional = TorchSharp.torch.nn.functional;

namespace Rewas.Trainer.Torch;

/// <summary>The executing backend: every operation runs at once in libtorch and is differentiable.</summary>
/// <param name="value">The libtorch tensor, owned by the dispose scope in which it was created.</param>
/// <param name="mode">Whether dropout is active.</param>
public sealed class TorchTensor(torch.Tensor value, TorchMode mode) : Tensor
{
    public torch.Tensor Value { get; } = value;

    public override IReadOnlyList<long> Shape => Value.shape;

    static torch.Tensor Of(Tensor tensor) => ((TorchTensor)tensor).Value;

    static torch.Tensor? Optional(Tensor? tensor) => tensor is null ? null : Of(tensor);

    TorchTensor Make(torch.Tensor result) => new(result, mode);

    public override Tensor Constant(ReadOnlySpan<float> values, params long[] shape) =>
        Make(torch.tensor(values.ToArray(), shape, device: Value.device));
    public override Tensor Constant(ReadOnlySpan<long> values, params long[] shape) =>
        Make(torch.tensor(values.ToArray(), shape, device: Value.device));

    public override Tensor Add(Tensor other) => Make(Value.add(Of(other)));
    public override Tensor Subtract(Tensor other) => Make(Value.sub(Of(other)));
    public override Tensor Multiply(Tensor other) => Make(Value.mul(Of(other)));
    public override Tensor Divide(Tensor other) => Make(Value.div(Of(other)));
    public override Tensor Exp() => Make(Value.exp());
    public override Tensor Log() => Make(Value.log());
    public override Tensor Sqrt() => Make(Value.sqrt());
    public override Tensor Sin() => Make(Value.sin());
    public override Tensor Cos() => Make(Value.cos());
    public override Tensor Tanh() => Make(Value.tanh());
    public override Tensor Asinh() => Make(Value.asinh());
    public override Tensor Sigmoid() => Make(Value.sigmoid());
    public override Tensor Erf() => Make(Value.erf());
    public override Tensor LeakyRelu(float negativeSlope) => Make(functional.leaky_relu(Value, negativeSlope));
    public override Tensor Clamp(float minimum, float maximum) => Make(Value.clamp(minimum, maximum));

    public override Tensor EqualTo(long value) => Make(Value.eq(value).to_type(torch.ScalarType.Int64));
    public override Tensor CumulativeSum(int axis) => Make(Value.cumsum(axis));
    public override Tensor ToFloat() => Make(Value.to_type(torch.ScalarType.Float32));
    public override Tensor ArgMax() => Make(Value.argmax(-1));
    public override Tensor Gather(Tensor indices) =>
        Make(Value.index_select(0, Of(indices).flatten()).reshape([.. indices.Shape, .. Shape.Skip(1)]));

    public override Tensor Reshape(params long[] shape) => Make(Value.reshape(shape));
    public override Tensor Transpose(params int[] axes) => Make(Value.permute([.. axes.Select(a => (long)a)]));
    public override Tensor Slice(int axis, long start, long? end, long step)
    {
        var size = Shape[axis < 0 ? axis + Rank : axis];
        var last = Math.Min(end is { } e ? (e < 0 ? e + size : e) : size, size);
        return Make(Value.slice(axis, start < 0 ? start + size : start, last, step));
    }

    public override Tensor Concat(int axis, params Tensor[] others) => Make(torch.cat([Value, .. others.Select(Of)], axis));
    public override Tensor Expand(params long[] shape) => Make(Value.expand(shape));
    public override Tensor RepeatAs(Tensor batch) => Make(Value.expand([batch.Shape[0], .. Shape.Skip(1)]));
    public override Tensor Pad(int left, int right, int top, int bottom, float value) =>
        Make(functional.pad(Value, [left, right, top, bottom], value: value));
    public override Tensor UpsampleNearest(int factor) =>
        Make(functional.interpolate(Value, scale_factor: [factor, factor], mode: torch.InterpolationMode.Nearest));

    public override Tensor Mean(int axis, bool keepAxis) => Make(Value.mean([axis], keepAxis));
    public override Tensor Sum(int axis, bool keepAxis) => Make(Value.sum(axis, keepAxis));
    public override Tensor Max(int axis, bool keepAxis) => Make(Value.amax([axis], keepAxis));

    public override Tensor MatMul(Tensor other) => Make(Value.matmul(Of(other)));
    public override Tensor Conv1d(Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups) =>
        Make(functional.conv1d(Value, Of(weight), Optional(bias), stride, padding, dilation, groups));

    public override Tensor Conv2d(Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups) =>
        Make(functional.conv2d(Value, Of(weight), Optional(bias), [stride, stride], [padding, padding], [dilation, dilation], groups));

    public override Tensor ConvTranspose1d(Tensor weight, Tensor? bias, int stride, int padding, int outputPadding) =>
        Make(functional.conv_transpose1d(Value, Of(weight), Optional(bias), stride, padding, outputPadding));

    public override Tensor MaxPool2d(int size, int stride) => Make(functional.max_pool2d(Value, size, stride));

    public override Tensor Softmax(int axis) => Make(Value.softmax(axis));

    public override Tensor Linear(Tensor weight, Tensor? bias) => Make(functional.linear(Value, Of(weight), Optional(bias)));
    public override Tensor LayerNorm(Tensor weight, Tensor bias, float epsilon) =>
        Make(functional.layer_norm(Value, [Shape[^1]], Of(weight), Of(bias), epsilon));
    public override Tensor GroupNorm(int groups, Tensor weight, Tensor bias, float epsilon) =>
        Make(functional.group_norm(Value, groups, Of(weight), Of(bias), epsilon));
    public override Tensor Silu() => Make(functional.silu(Value));
    public override Tensor Gelu() => Make(functional.gelu(Value));
    public override Tensor Dropout(float probability) =>
        mode.Training && probability > 0 ? Make(functional.dropout(Value, probability, training: true)) : this;
}

/// <summary>State shared by all tensors of one run of a network.</summary>
public sealed class TorchMode
{
    /// <summary>Whether dropout is active.</summary>
    public bool Training { get; set; }
}
