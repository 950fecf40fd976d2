using Rewas.Sound;

namespace Rewas.Evaluation.Scenes.Chance;

/// <summary>Random numbers of <see cref="SplitMix64"/>: a seed gives the same scene on every machine and runtime.</summary>
public sealed class SceneRandom(ulong seed)
{
    readonly ulong origin = seed;
    ulong state = seed;

    /// <summary>A separate stream for one purpose. It does not depend on how many numbers were drawn here before.</summary>
    public SceneRandom Fork(string purpose)
    {
        var hash = 0xcbf29ce484222325UL;                                   // FNV-1a: string.GetHashCode differs between processes
        foreach (var c in purpose)
            hash = (hash ^ c) * 0x100000001b3UL;
        return new SceneRandom(SplitMix64.Mix(origin ^ SplitMix64.Mix(hash)));
    }

    public ulong NextBits()
    {
        state += SplitMix64.Increment;
        return SplitMix64.Mix(state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (high - low) * Unit();

    public float Between(float low, float high) => low + (high - low) * (float)Unit();

    /// <summary>Uniform on a logarithmic axis, for frequencies, durations and sizes.</summary>
    public double BetweenLog(double low, double high) => low * Math.Pow(high / low, Unit());

    /// <summary>Uniform in [0, count).</summary>
    public int Below(int count) => (int)(Unit() * count);

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>White noise, uniform in [-1, 1), variance 1/3.</summary>
    public float Noise() => (long)NextBits() * (1f / (1UL << 63));

    /// <summary>Exponentially distributed: the time to the next event of a Poisson process.</summary>
    public double Exponential(double mean) => -mean * Math.Log(1 - Unit());
}
