using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <content>Reductions, matrix products and convolutions.</content>
sealed partial class OnnxTensor
{
    public override Tensor Mean(int axis, bool keepAxis = true) => Reduce("ReduceMean", axis, keepAxis);

    public override Tensor Sum(int axis, bool keepAxis = true) => Reduce("ReduceSum", axis, keepAxis);

    public override Tensor Max(int axis, bool keepAxis = true) => Reduce("ReduceMax", axis, keepAxis);

    public override Tensor ArgMax()
    {
        // ArgMax has no int64 kernel.
        var value = Type == ElementType.Int64 ? graph.Node("Cast", [Name], ("to", (long)Wire.TensorProto.Types.DataType.Double)) : Name;
        return Result(graph.Node("ArgMax", [value], ("axis", -1L), ("keepdims", 0L)), shape[..^1], ElementType.Int64);
    }

    public override Tensor Softmax(int axis) =>
        half ? InFloat(x => x.Softmax(axis)) : Unary("Softmax", ("axis", (long)AxisOf(axis)));

    public override Tensor MatMul(Tensor other)
    {
        if (IsForHalf)
            return AsHalf().MatMul(other);
        var right = Own(other);
        var result = ShapeRules.MatMul(shape, right.shape);
        graph.Count(result, shape[^1]);
        return Result(graph.Node("MatMul", [Name, right.Name]), result);
    }

    public override Tensor Conv1d(Tensor weight, Tensor? bias, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        Convolve(1, weight, bias, stride, padding, dilation, groups);

    public override Tensor Conv2d(Tensor weight, Tensor? bias, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        Convolve(2, weight, bias, stride, padding, dilation, groups);

    public override Tensor ConvTranspose1d(Tensor weight, Tensor? bias, int stride, int padding, int outputPadding = 0)
    {
        if (IsForHalf)
            return AsHalf().ConvTranspose1d(weight, bias, stride, padding, outputPadding);
        var kernel = Own(weight);
        RequireConvolution(kernel, spatialAxes: 1, channels: kernel.shape[0]);
        var length = shape[2] < 0 || kernel.shape[2] < 0
            ? ShapeRules.Unknown
            : (shape[2] - 1) * stride - 2 * padding + kernel.shape[2] + outputPadding;
        graph.Count(shape, kernel.shape[1] * kernel.shape[2]);
        return Result(
            graph.Node("ConvTranspose", WithBias(kernel, bias),
                ("strides", Repeated(stride, 1)), ("pads", Repeated(padding, 2)), ("output_padding", Repeated(outputPadding, 1))),
            [shape[0], kernel.shape[1], length]);
    }

    public override Tensor MaxPool2d(int size, int stride)
    {
        RequireFloat("MaxPool");
        if (Rank != 4)
            throw new ArgumentException($"pooling needs [B, C, H, W], not {ShapeRules.Text(shape)}");
        var sizes = shape.Skip(2).Select(length => ShapeRules.Convolved(length, size, stride, 0, 0, 1));
        return Result(
            graph.Node("MaxPool", [Name], ("kernel_shape", Repeated(size, 2)), ("strides", Repeated(stride, 2))),
            [.. shape[..2], .. sizes]);
    }

    OnnxTensor Convolve(int spatialAxes, Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups)
    {
        if (IsForHalf)
            return AsHalf().Convolve(spatialAxes, weight, bias, stride, padding, dilation, groups);
        var kernel = Own(weight);
        RequireConvolution(kernel, spatialAxes, kernel.shape[1] < 0 ? ShapeRules.Unknown : kernel.shape[1] * groups);
        var sizes = shape.Skip(2).Zip(
            kernel.shape.Skip(2), (size, width) => ShapeRules.Convolved(size, width, stride, padding, padding, dilation));
        long[] result = [shape[0], kernel.shape[0], .. sizes];
        graph.Count(result, kernel.shape.Skip(1).Aggregate(1L, (count, size) => count * size));
        if (spatialAxes == 2 && groups == 1 && dilation == 1 && Convolve2dInt8(kernel, bias, stride, padding, result) is { } inIntegers)
            return inIntegers;
        return Result(
            graph.Node("Conv", WithBias(kernel, bias),
                ("strides", Repeated(stride, spatialAxes)), ("pads", Repeated(padding, 2 * spatialAxes)),
                ("dilations", Repeated(dilation, spatialAxes)), ("group", (long)groups)),
            result);
    }

    OnnxTensor Reduce(string operation, int axis, bool keepAxis)
    {
        if (half)
            return AsFloat().Reduce(operation, axis, keepAxis);
        axis = AxisOf(axis);
        long[] result = keepAxis ? [.. shape[..axis], 1, .. shape[(axis + 1)..]] : [.. shape[..axis], .. shape[(axis + 1)..]];
        return Result(graph.Node(operation, [Name, graph.Indices(axis)], ("keepdims", keepAxis ? 1L : 0L)), result);
    }

    void RequireConvolution(OnnxTensor kernel, int spatialAxes, long channels)
    {
        if (Rank != spatialAxes + 2 || kernel.Rank != Rank || !ShapeRules.Agree(shape[1], channels))
            throw new ArgumentException($"{ShapeRules.Text(shape)} cannot be convolved with {ShapeRules.Text(kernel.shape)}");
    }

    string[] WithBias(OnnxTensor weight, Tensor? bias) => bias is null ? [Name, weight.Name] : [Name, weight.Name, Own(bias).Name];

    static long[] Repeated(long value, int times) => [.. Enumerable.Repeat(value, times)];
}
