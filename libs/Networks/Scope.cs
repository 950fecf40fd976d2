namespace Rewas.Networks;

/// <summary>How a weight starts when a network is trained from nothing. Loading ignores it.</summary>
public enum Init
{
    /// <summary>As PyTorch's layers: uniform in +-1/sqrt(fan in) for rank 2 and above.</summary>
    Uniform,
    Zeros,
    Ones,
    /// <summary>Normal with standard deviation 0.02: embeddings and learned tokens.</summary>
    Normal,
}

/// <summary>
/// Where a network's weights come from: a bundle, a checkpoint, or an optimiser's parameters. Implementations are strict: they
/// collect every name that is missing, misshapen or never asked for, and report them together.
/// </summary>
public interface IWeights
{
    /// <summary>The weight of that full name. <paramref name="shape"/> must match exactly.</summary>
    /// <param name="name">Name in the state dict.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="init">How it starts when trained from nothing.</param>
    /// <param name="trained">False for buffers, which no optimiser touches (running statistics, filter banks).</param>
    Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained);
}

/// <summary>Where a layer's weights live: <c>at / "convs1" / 0</c> is the state-dict prefix "convs1.0".</summary>
public readonly record struct Scope(IWeights Weights, string Prefix = "")
{
    public static Scope operator /(Scope scope, string name) => scope with { Prefix = scope.Full(name) };

    public static Scope operator /(Scope scope, int index) => scope / index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A weight of this scope.</summary>
    public Tensor this[string name, params ReadOnlySpan<long> shape] => Weights.Get(Full(name), shape, Init.Uniform, trained: true);

    /// <summary>A weight that does not start from the usual uniform distribution.</summary>
    public Tensor Get(string name, Init init, params ReadOnlySpan<long> shape) => Weights.Get(Full(name), shape, init, trained: true);

    /// <summary>A weight that is stored but not trained.</summary>
    public Tensor Buffer(string name, params ReadOnlySpan<long> shape) => Buffer(name, Init.Zeros, shape);

    /// <summary>A weight that is stored but not trained, and does not start at zero.</summary>
    public Tensor Buffer(string name, Init init, params ReadOnlySpan<long> shape) => Weights.Get(Full(name), shape, init, trained: false);

    string Full(string name) => Prefix.Length == 0 ? name : $"{Prefix}.{name}";
}
