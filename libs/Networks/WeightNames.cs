namespace Rewas.Networks;

/// <summary>Records the weights that a network asks for. A network computes only when it runs, so no values are needed.</summary>
public sealed class WeightNames : IWeights
{
    readonly Dictionary<string, long[]> asked = [];

    /// <summary>Names and shapes of a network's weights, in the order of the requests.</summary>
    /// <param name="prefix">Prefix of the names, without the joining dot, or empty.</param>
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
