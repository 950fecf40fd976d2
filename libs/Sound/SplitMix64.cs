namespace Rewas.Sound;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): random numbers that are the same on every machine and in every version of .NET. Number n of a
/// seed is <c>Mix(seed + n * Increment)</c>.
/// </summary>
public static class SplitMix64
{
    /// <summary>The golden ratio's fraction, of 64 bits.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>A bijection under which inputs that differ in one bit give outputs that differ in half of them.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
