using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Provides the tensors of a file as weights of a graph and records mismatches.</summary>
sealed class OnnxWeights(OnnxGraph graph, SafetensorsFile file) : IWeights
{
    /// <summary>Stops the recording, because a configuration with absurd sizes would ask for weights without end.</summary>
    const int MaximumFaults = 10_000;

    readonly HashSet<string> asked = [];
    readonly SortedSet<string> missing = new(StringComparer.Ordinal);
    readonly SortedSet<string> misshapen = new(StringComparer.Ordinal);

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
    {
        asked.Add(name);
        if (file.Tensors.TryGetValue(name, out var stored) && shape.SequenceEqual(stored.Shape))
            return graph.Weight(file, name);

        if (stored is null)
            missing.Add(name);
        else
            misshapen.Add($"{name} is {ShapeRules.Text(stored.Shape)} instead of {ShapeRules.Text(shape.ToArray())}");
        if (missing.Count + misshapen.Count >= MaximumFaults)
            ThrowIfFaulty(new HashSet<string>(file.Tensors.Keys));
        return new OnnxTensor(graph, $"absent/{name}", ElementType.Float32, shape.ToArray()); // goes on, to find the other faults
    }

    /// <param name="othersAsk">Names that other networks of the same file ask for.</param>
    /// <exception cref="InputFault">Names every missing, misshapen or unused weight.</exception>
    public void ThrowIfFaulty(IReadOnlySet<string> othersAsk)
    {
        var extra = file.Tensors.Keys
            .Where(name => !asked.Contains(name) && !othersAsk.Contains(name)).Order(StringComparer.Ordinal).ToList();
        string[] faults =
        [
            .. List("missing", missing),
            .. List("misshapen", misshapen),
            .. List("not asked for", extra),
        ];
        if (faults.Length > 0)
            throw InputFault.Precondition("weights", $"'{file.FilePath}' does not fit the network: {string.Join("; ", faults)}");
    }

    static IEnumerable<string> List(string what, IReadOnlyCollection<string> names) =>
        names.Count == 0 ? [] : [$"{names.Count} {what}: {string.Join(", ", names)}"];
}
