namespace Rewas.Networks;

/// <summary>Initial values of a weight in training from scratch. Loading ignores them.</summary>
public enum Init
{
    /// <summary>As in PyTorch's layers: uniform in +-1/sqrt(fan in) for rank 2 and above.</summary>
    Uniform,
    Zeros,
    Ones,
    /// <summary>Normal with standard deviation 0.02, for embeddings and learned tokens.</summary>
    Normal,
}

/// <summary>
/// A source of weights: a bundle, a checkpoint, or an optimiser's parameters. Implementations are strict: they report all missing,
/// misshapen and unused names together.
/// </summary>
public interface IWeights
{
    /// <summary>Gets the weight with this full name. <paramref name="shape"/> must match exactly.</summary>
    /// <param name="name">Name in the state dict.</param>
    /// <param name="init">Initial values in training from scratch.</param>
    /// <param name="trained">False for buffers, which optimisers do not change (running statistics, filter banks).</param>
    Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained);
}

/// <summary>The place of a layer's weights: <c>at / "convs1" / 0</c> is the state-dict prefix "convs1.0".</summary>
public readonly record struct Scope(IWeights Weights, string Prefix = "")
{
    public static Scope operator /(Scope scope, string name) => scope with { Prefix = scope.Full(name) };

    public static Scope operator /(Scope scope, int index) => scope / index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A weight of this scope.</summary>
    public Tensor this[string name, params ReadOnlySpan<long> shape] => Weights.Get(Full(name), shape, Init.Uniform, trained: true);

    /// <summary>A weight that is not initialised from the usual uniform distribution.</summary>
    public Tensor Get(string name, Init init, params ReadOnlySpan<long> shape) => Weights.Get(Full(name), shape, init, trained: true);

    /// <summary>A stored weight that is not trained.</summary>
    public Tensor Buffer(string name, params ReadOnlySpan<long> shape) => Buffer(name, Init.Zeros, shape);

    /// <summary>A stored weight that is not trained and does not start at zero.</summary>
    public Tensor Buffer(string name, Init init, params ReadOnlySpan<long> shape) => Weights.Get(Full(name), shape, init, trained: false);

    string Full(string name) => Prefix.Length == 0 ? name : $"{Prefix}.{name}";
}
