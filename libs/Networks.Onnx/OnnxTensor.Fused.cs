namespace Rewas.Networks.Onnx;

/// <content>Layers in the form that ONNX Runtime runs fastest on a CPU. SiLU stays x * sigmoid(x), which the runtime fuses.</content>
sealed partial class OnnxTensor
{
    /// <remarks>
    /// The product transposes the weight, which stays [O, I] as stored. A Transpose node would be folded into a second copy of every
    /// weight. Gemm accepts only matrices, so higher ranks use FusedMatMul, which packs its weight as MatMul does.
    /// </remarks>
    public override Tensor Linear(Tensor weight, Tensor? bias = null)
    {
        if (IsForHalf)
            return AsHalf().Linear(weight, bias);
        var matrix = Own(weight);
        if (matrix.Rank != 2 || Rank < 2 || !ShapeRules.Agree(shape[^1], matrix.shape[1]))
            throw new ArgumentException(
                $"{ShapeRules.Text(shape)} cannot be multiplied by the transpose of {ShapeRules.Text(matrix.shape)}");
        long[] result = [.. shape[..^1], matrix.shape[0]];
        graph.Count(result, shape[^1]);
        if (LinearInt8(matrix, bias) is { } inIntegers)
            return inIntegers;
        if (Rank == 2)
            return Result(graph.Node("Gemm", WithBias(matrix, bias), ("transB", 1L)), result);
        var product = Result(graph.Node($"{OnnxGraph.Contrib}.FusedMatMul", [Name, matrix.Name], ("transB", 1L)), result);
        return bias is null ? product : product + bias;
    }

    public override Tensor LayerNorm(Tensor weight, Tensor bias, float epsilon)
    {
        RequireFloat("LayerNormalization");
        if (half)
            return InFloat(x => x.LayerNorm(weight, bias, epsilon));
        return Result(graph.Node(
            "LayerNormalization", [Name, Own(weight).Name, Own(bias).Name], ("axis", -1L), ("epsilon", epsilon)), shape);
    }

    /// <remarks>Each group is normalised as one instance of a longer signal, which is twice as fast as GroupNormalization.</remarks>
    public override Tensor GroupNorm(int groups, Tensor weight, Tensor bias, float epsilon)
    {
        RequireFloat("GroupNorm");
        if (half)
            return InFloat(x => x.GroupNorm(groups, weight, bias, epsilon));
        if (Rank < 3 || shape[1] < 0 || shape[1] % groups != 0)
            throw new ArgumentException($"{ShapeRules.Text(shape)} has no channels that {groups} groups divide");
        float[] ones = [.. Enumerable.Repeat(1f, groups)], zeros = new float[groups];
        var grouped = graph.Node("Reshape", [Name, graph.Indices(0, groups, -1)]);
        var normalised = graph.Node(
            "InstanceNormalization", [grouped, graph.Constant(ones, groups), graph.Constant(zeros, groups)], ("epsilon", epsilon));
        var back = IsKnownButRows ? graph.Indices([0, .. shape[1..]]) : graph.Node("Shape", [Name]);
        long[] perChannel = [shape[1], .. Enumerable.Repeat(1L, Rank - 2)];
        return Result(graph.Node("Reshape", [normalised, back]), shape) * weight.Reshape(perChannel) + bias.Reshape(perChannel);
    }

    /// <remarks>
    /// MultiHeadAttention expects concatenated heads, [B, N, H * D]. Networks turn these into [B, H, N, D] by a reshape and a permutation.
    /// Recording their inverses cancels both.
    /// </remarks>
    public override Tensor Attention(Tensor key, Tensor value, float scale, Tensor? bias = null)
    {
        if (IsForHalf)
            return AsHalf().Attention(key, value, scale, bias);
        var (keys, values, biases) = (Own(key), Own(value), bias is null ? null : Own(bias));
        if (!FitsMultiHeadAttention(keys, values, biases))
            return base.Attention(key, value, scale, bias);
        var (heads, width) = (shape[1], values.shape[3]);
        graph.Count([.. shape[..3], keys.shape[2]], shape[3] + width);
        var attended = graph.Node(
            $"{OnnxGraph.Contrib}.MultiHeadAttention",
            biases is null
                ? [HeadsJoined(this), HeadsJoined(keys), HeadsJoined(values)]
                : [HeadsJoined(this), HeadsJoined(keys), HeadsJoined(values), "", "", biases.Name],
            ("num_heads", heads), ("scale", scale));
        return Result(attended, [shape[0], shape[2], heads * width]).Reshape(shape[0], shape[2], heads, width).Transpose(0, 2, 1, 3);
    }

    bool FitsMultiHeadAttention(OnnxTensor keys, OnnxTensor values, OnnxTensor? bias) =>
        Rank == 4 && keys.Rank == 4 && values.Rank == 4
        && shape[1] > 0 && shape[3] > 0 && keys.shape[1] == shape[1] && values.shape[1] == shape[1]
        && keys.shape[3] == shape[3] && values.shape[3] > 0
        && keys.shape[0] == shape[0] && values.shape[0] == shape[0] && keys.shape[2] == values.shape[2]
        && (bias is null || (bias.Rank == 4 && (bias.shape[0] == 1 || bias.shape[0] == shape[0]) && bias.shape[2] > 1 && bias.shape[3] > 1
            && (bias.shape[1] == 1 || bias.shape[1] == shape[1]) && bias.shape[2] == shape[2] && bias.shape[3] == keys.shape[2]));

    static string HeadsJoined(OnnxTensor tensor) =>
        ((OnnxTensor)tensor.Transpose(0, 2, 1, 3).Reshape(tensor.shape[0], tensor.shape[2], tensor.shape[1] * tensor.shape[3])).Name;
}
