namespace Rewas.Networks.Onnx;

/// <content>
/// Linear layers and convolutions in integers of 8 bits. The input is quantised while the network runs, each row of the batch with the range of its own
/// values: a range over the whole batch, as DynamicQuantizeLinear takes it, would be one operation less, but would make a sample depend on what else is in
/// its batch. Two rounded factors, and the exact sum of their products:
/// <code>
/// x[k] = s (q[k] - z),  w[o, k] = v[o] u[o, k]:   y[o] = s (v[o] sum q[k] u[o, k]) + (bias[o] - s z v[o] sum u[o, k])
/// </code>
/// The first term is a MatMulIntegerToFloat; the second is small, [B, ..., O].
/// </content>
sealed partial class OnnxTensor
{
    const string ProductToFloat = $"{OnnxGraph.Contrib}.MatMulIntegerToFloat";

    /// <summary>
    /// The linear layer in integers, or null where float32 is as fast or where exactness is worth more: few values a row (a rank of 2 has one per sample: time and text).
    /// </summary>
    OnnxTensor? LinearInt8(OnnxTensor weight, Tensor? bias)
    {
        if (Rank < 3 || weight.Rank != 2 || graph.Int8(weight, reduced: weight.shape[1]) is not { } factor)
            return null;
        var quantised = Quantised();
        return Descaled(Product(quantised.Values, factor), quantised, factor, bias, [.. shape[..^1], weight.shape[0]]);
    }

    /// <summary>A convolution of [B, I, H, W] in integers as one product: every place of the kernel is a slice of the input, [B, H', W', I], and all of them side by side its rows.</summary>
    OnnxTensor? Convolve2dInt8(OnnxTensor kernel, Tensor? bias, int stride, int padding, long[] result)
    {
        if (shape[2] < 0 || shape[3] < 0 || graph.Int8(kernel, reduced: kernel.shape[1] * kernel.shape[2] * kernel.shape[3]) is not { } factor)
            return null;
        var quantised = Quantised();
        var padded = PaddedPicture(quantised, padding);
        var (height, width) = (result[2], result[3]);
        var places = new List<string>();
        for (var row = 0L; row < kernel.shape[2]; row++)
            for (var column = 0L; column < kernel.shape[3]; column++)
                places.Add(kernel.shape[2] * kernel.shape[3] == 1 && stride == 1 ? padded : graph.Node("Slice",
                [
                    padded,
                    graph.Indices(row, column),
                    graph.Indices(row + (height - 1) * stride + 1, column + (width - 1) * stride + 1),
                    graph.Indices(1, 2),
                    graph.Indices(stride, stride),
                ]));
        var rows = places.Count == 1 ? places[0] : graph.Node("Concat", [.. places], ("axis", 3L));
        var picture = Descaled(Product(rows, factor), quantised, factor, bias, [shape[0], height, width, result[1]]);   // [B, H', W', O]
        return (OnnxTensor)picture.Transpose(0, 3, 1, 2);
    }

    /// <summary>This tensor as integers from 0 to 255, each row of the batch in its own range, which always holds 0.</summary>
    QuantisedTensor Quantised() => graph.QuantisedOnce(Name, () =>
    {
        var axes = graph.Indices([.. Enumerable.Range(1, Rank - 1).Select(axis => (long)axis)]);
        var zero = graph.Constant([0f], 1);
        var least = graph.Node("Min", [graph.Node("ReduceMin", [Name, axes], ("keepdims", 0L)), zero]);
        var largest = graph.Node("Max", [graph.Node("ReduceMax", [Name, axes], ("keepdims", 0L)), zero]);
        var range = graph.Node("Max", [graph.Node("Sub", [largest, least]), graph.Constant([1e-20f], 1)]);
        var scale = graph.Node("Mul", [range, graph.Constant([1f / byte.MaxValue], 1)]);                                  // [B]
        var offset = graph.Node("Round", [graph.Node("Neg", [graph.Node("Div", [least, scale])])]);                     // [B], 0 to 255
        var zeroPoint = graph.Node("Cast", [offset], ("to", (long)Wire.TensorProto.Types.DataType.Uint8));
        return new(graph.Node("QuantizeLinear", [Name, scale, zeroPoint], ("axis", 0L)), scale, offset, zeroPoint);
    });

    /// <summary>[B, I, H, W] as [B, H + 2 p, W + 2 p, I], with what each row means by 0 round it.</summary>
    string PaddedPicture(QuantisedTensor quantised, int padding)
    {
        var picture = graph.Node("Transpose", [quantised.Values], ("perm", new long[] { 0, 2, 3, 1 }));
        if (padding == 0)
            return picture;
        var nothing = graph.Node("Reshape", [quantised.ZeroPoint, graph.Indices(-1, 1, 1, 1)]);
        var above = graph.Node("Expand", [nothing, graph.Indices(1, padding, shape[3], shape[1])]);
        var beside = graph.Node("Expand", [nothing, graph.Indices(1, shape[2] + 2 * padding, padding, shape[1])]);
        return graph.Node("Concat", [beside, graph.Node("Concat", [above, picture, above], ("axis", 1L)), beside], ("axis", 2L));
    }

    /// <summary>[..., K] integers times [K, O]: [..., O] float32, the weight's scales applied.</summary>
    string Product(string values, Int8Factor factor) => graph.Node(ProductToFloat, [values, factor.Values, graph.Constant([1f]), factor.Scales]);

    OnnxTensor Descaled(string product, QuantisedTensor quantised, Int8Factor factor, Tensor? bias, long[] result)
    {
        long[] perRow = [-1, .. Enumerable.Repeat(1L, result.Length - 1)];
        var scale = graph.Node("Reshape", [quantised.Scale, graph.Indices(perRow)]);                                      // [B, 1, ...]
        var shift = graph.Node("Mul", [graph.Node("Reshape", [graph.Node("Mul", [quantised.Scale, quantised.Offset]), graph.Indices(perRow)]), factor.Sums]);   // [B, ..., O]
        var constant = bias is null ? graph.Node("Neg", [shift]) : graph.Node("Sub", [Own(bias).Name, shift]);
        return Result(graph.Node("Add", [graph.Node("Mul", [product, scale]), constant]), result);
    }
}

/// <summary>Names of the values of a tensor that is quantised while the network runs.</summary>
/// <param name="Values">uint8, of the tensor's shape.</param>
/// <param name="Scale">[B] float32.</param>
/// <param name="Offset">[B] float32: which integer means 0.</param>
/// <param name="ZeroPoint">The same as uint8.</param>
readonly record struct QuantisedTensor(string Values, string Scale, string Offset, string ZeroPoint);

/// <summary>Names of the constants of an <see cref="Int8Weight"/>.</summary>
readonly record struct Int8Factor(string Values, string Scales, string Sums);
