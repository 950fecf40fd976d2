namespace Rewas.Networks.Onnx;

/// <summary>Counts the arithmetic of a network, to compare its time with that of a plain product.</summary>
public static class NetworkWork
{
    /// <summary>
    /// Multiply-adds of all products, convolutions and attentions of one call. Weights are not needed.
    /// </summary>
    /// <param name="definition">Its inputs must have known sizes.</param>
    public static long MultiplyAdds(NetworkDefinition definition)
    {
        var graph = new OnnxGraph();
        definition.Build(new Scope(new ShapesOnly(graph)))([.. definition.Inputs.Select(graph.Input)]);
        return graph.MultiplyAdds;
    }

    sealed class ShapesOnly(OnnxGraph graph) : IWeights
    {
        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained) =>
            new OnnxTensor(graph, $"weight/{name}", Clip.ElementType.Float32, shape.ToArray());
    }
}
