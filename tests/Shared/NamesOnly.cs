using Rewas.Networks;

namespace Rewas.Tests;

/// <summary>Notes what a network asks for. A network may only compute in Forward, so nothing need be there.</summary>
sealed class NamesOnly : IWeights
{
    public Dictionary<string, long[]> Asked { get; } = [];

    /// <summary>Names and shapes of all weights of a network.</summary>
    public static Dictionary<string, long[]> Of(NetworkDefinition definition)
    {
        var weights = new NamesOnly();
        definition.Build(new Scope(weights));
        return weights.Asked;
    }

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
    {
        Asked.Add(name, shape.ToArray());
        return null!;
    }
}
