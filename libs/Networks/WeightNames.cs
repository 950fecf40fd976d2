namespace Rewas.Networks;

/// <summary>Notes what a network asks for. A network only computes when it runs, so no values need be there.</summary>
public sealed class WeightNames : IWeights
{
    readonly Dictionary<string, long[]> asked = [];

    /// <summary>Names and shapes of all weights of a network, in the order in which it asks for them.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="prefix">What stands before its names, joined by a dot, or empty.</param>
    public static Dictionary<string, long[]> Of(NetworkDefinition definition, string prefix = "")
    {
        var names = new WeightNames();
        definition.Build(new Scope(names, prefix));
        return names.asked;
    }

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
    {
        asked.Add(name, shape.ToArray());
        return null!;
    }
}
