namespace Rewas.Networks.Onnx;

/// <content>
/// Linear layers and convolutions in 8-bit integers. The input is quantised at run time, each row of the batch with its own range.
/// DynamicQuantizeLinear would save one operation with one range for the whole batch, but a sample would then depend on the rest
/// of its batch. Two rounded factors, and the exact sum of their products:
/// <code>
/// x[k] = s (q[k] - z),  w[o, k] = v[o] u[o, k]:   y[o] = s (v[o] sum q[k] u[o, k]) + (bias[o] - s z v[o] sum u[o, k])
/// </code>
/// The first term is a MatMulIntegerToFloat. The second is small, [B, ..., O].
/// </content>
sealed partial class OnnxTensor
{
    const string ProductToFloat = $"{OnnxGraph.Contrib}.MatMulIntegerToFloat";

    /// <summary>Whether its products stay in float32 in an int8 graph.</summary>
    bool IsUnrounded { get; init; }

    public override Tensor Unrounded() => new OnnxTensor(graph, Name, Type, shape, permuted, half) { IsUnrounded = true };

    /// <summary>
    /// The linear layer in integers. Null if float32 is as fast, or if precision matters more than speed: rank 2 has one row per sample
    /// (time and text).
    /// </summary>
    OnnxTensor? LinearInt8(OnnxTensor weight, Tensor? bias)
    {
        if (Rank < 3 || weight.Rank != 2 || graph.Int8(weight, reduced: weight.shape[1]) is not { } factor)
            return null;
        long[] result = [.. shape[..^1], weight.shape[0]];
        if (shape[0] == 1)
            return LinearOfOneRow(factor, bias, result);
        var quantised = Quantised();
        return Descaled(Product(quantised.Values, factor), quantised, factor, bias, result);
    }

    /// <summary>
    /// The range of a batch of one row is that of the tensor. So the runtime's own operators do, which scale and shift a product's values
    /// as it makes them, without two more passes over the result.
    /// </summary>
    OnnxTensor LinearOfOneRow(Int8Factor factor, Tensor? bias, long[] result)
    {
        var (values, scale, zeroPoint) = graph.QuantisedWholeOnce(Name);
        string[] inputs = [values, factor.Values, scale, factor.Scales, zeroPoint];
        return Result(graph.Node(ProductToFloat, bias is null ? inputs : [.. inputs, "", Own(bias).Name]), result);
    }

    /// <summary>
    /// A convolution of [B, I, H, W] in integers, as one product. Each kernel position is a slice of the input, [B, H', W', I]; the slices
    /// are concatenated to the rows of the product.
    /// </summary>
    OnnxTensor? Convolve2dInt8(OnnxTensor kernel, Tensor? bias, int stride, int padding, long[] result)
    {
        if (kernel.IsUnrounded || shape[2] < 0 || shape[3] < 0
            || graph.Int8(kernel, reduced: kernel.shape[1] * kernel.shape[2] * kernel.shape[3]) is not { } factor)
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

    /// <summary>This tensor as integers from 0 to 255. Each row of the batch has its own range, which always includes 0.</summary>
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

    /// <summary>[B, I, H, W] as [B, H + 2 p, W + 2 p, I], padded with each row's integer for 0.</summary>
    string PaddedPicture(QuantisedTensor quantised, int padding)
    {
        var picture = graph.Node("Transpose", [quantised.Values], ("perm", new long[] { 0, 2, 3, 1 }));
        if (padding == 0)
            return picture;
        var nothing = PerRow(quantised.ZeroPoint, rank: 4);
        var above = graph.Node("Expand", [nothing, graph.Indices(1, padding, shape[3], shape[1])]);
        var beside = graph.Node("Expand", [nothing, graph.Indices(1, shape[2] + 2 * padding, padding, shape[1])]);
        return graph.Node("Concat", [beside, graph.Node("Concat", [above, picture, above], ("axis", 1L)), beside], ("axis", 2L));
    }

    /// <summary>[..., K] integers times [K, O]: [..., O] float32, with the weight's scales applied.</summary>
    string Product(string values, Int8Factor factor) =>
        graph.Node(ProductToFloat, [values, factor.Values, graph.Constant([1f]), factor.Scales]);

    OnnxTensor Descaled(string product, QuantisedTensor quantised, Int8Factor factor, Tensor? bias, long[] result)
    {
        var scale = PerRow(quantised.Scale, result.Length);                                                              // [B, 1, ...]
        var offsets = PerRow(graph.Node("Mul", [quantised.Scale, quantised.Offset]), result.Length);
        var shift = graph.Node("Mul", [offsets, factor.Sums]);                                                           // [B, ..., O]
        var constant = bias is null ? graph.Node("Neg", [shift]) : graph.Node("Sub", [Own(bias).Name, shift]);
        return Result(graph.Node("Add", [graph.Node("Mul", [product, scale]), constant]), result);
    }

    /// <summary>
    /// [B] as [B, 1, ...]. Not by Reshape: see <see cref="ShapeRules"/> on axes without a name.
    /// </summary>
    string PerRow(string values, int rank) =>
        graph.Node("Unsqueeze", [values, graph.Indices([.. Enumerable.Range(1, rank - 1).Select(axis => (long)axis)])]);
}

/// <summary>Value names of a tensor that is quantised at run time.</summary>
/// <param name="Values">uint8, of the tensor's shape.</param>
/// <param name="Scale">[B] float32.</param>
/// <param name="Offset">[B] float32: the integer that stands for 0.</param>
/// <param name="ZeroPoint">The offset as uint8.</param>
readonly record struct QuantisedTensor(string Values, string Scale, string Offset, string ZeroPoint);

/// <summary>Names of the constants of an <see cref="Int8Weight"/>.</summary>
readonly record struct Int8Factor(string Values, string Scales, string Sums);
