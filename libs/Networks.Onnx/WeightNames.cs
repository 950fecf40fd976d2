namespace Rewas.Networks.Onnx;

/// <summary>Only notes which names a network asks for: which tensors of a shared file belong to it.</summary>
sealed class WeightNames : IWeights
{
    readonly OnnxGraph graph = new();

    public HashSet<string> Names { get; } = [];

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
    {
        Names.Add(name);
        return new OnnxTensor(graph, name, ElementType.Float32, shape.ToArray());
    }
}
