using Rewas.Clip;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A value of a graph during recording. Each operation adds the nodes that compute it and infers the shape of the result. Shapes that do
/// not match are refused here, while the network is built.
/// </summary>
sealed partial class OnnxTensor : Tensor
{
    readonly OnnxGraph graph;
    readonly long[] shape;

    /// <summary>If this tensor is a permutation of another: that tensor and the permutation.</summary>
    readonly (OnnxTensor Tensor, int[] Axes)? permuted;

    public OnnxTensor(
        OnnxGraph graph, string name, ElementType type, long[] shape, (OnnxTensor Tensor, int[] Axes)? permuted = null,
        bool half = false) =>
        (this.graph, Name, Type, this.shape, this.permuted, this.half) = (graph, name, type, shape, permuted, half);

    /// <summary>Name of the value in the graph.</summary>
    public string Name { get; }

    public ElementType Type { get; }

    public override IReadOnlyList<long> Shape => shape;

    public override Tensor Constant(ReadOnlySpan<float> values, params long[] shape) =>
        new OnnxTensor(graph, graph.Constant(values, Checked(values.Length, shape)), ElementType.Float32, shape);

    public override Tensor Constant(ReadOnlySpan<long> values, params long[] shape) =>
        new OnnxTensor(graph, graph.Constant(values, Checked(values.Length, shape)), ElementType.Int64, shape);

    static long[] Checked(int count, long[] shape) => shape.Aggregate(1L, (product, size) => checked(product * size)) == count
        ? shape
        : throw new ArgumentException($"{count} values do not fill {ShapeRules.Text(shape)}");

    /// <summary>Checks that the tensor belongs to this graph. The result is stored as this one is, in float32 or float16.</summary>
    OnnxTensor Own(Tensor other) => other is OnnxTensor tensor && tensor.graph == graph
        ? Like(tensor)
        : throw new ArgumentException("a tensor of another graph or backend cannot be used here");

    /// <summary>Whether all sizes but that of the first axis are known.</summary>
    bool IsKnownButRows => ShapeRules.IsKnown(shape[1..]);

    int AxisOf(int axis) => ShapeRules.Axis(axis, Rank);

    OnnxTensor Result(string name, long[] shape) => Result(name, shape, Type);

    OnnxTensor Result(string name, long[] shape, ElementType type)
    {
        var isHalf = half && type == ElementType.Float32;
        return new(graph, isHalf && graph.OnlyRounds ? graph.Rounded(name) : name, type, shape, half: isHalf);
    }

    /// <summary>An operation on floats that keeps the shape.</summary>
    OnnxTensor Unary(string operation, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        RequireFloat(operation);
        return Result(graph.Node(operation, [Name], attributes), shape);
    }

    void RequireFloat(string operation)
    {
        if (Type != ElementType.Float32)
            throw new ArgumentException($"{operation} needs float32, but {Name} is {Type}");
    }
}
