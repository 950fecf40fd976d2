using Rewas.Sound;

namespace Rewas.Rendering.Guards;

/// <summary>
/// Seeds of further tries. They follow from the order's seed alone, so the same order gives the same sound again.
/// </summary>
public static class FreshSeeds
{
    /// <summary>The usual number of further tries.</summary>
    public const int Usual = 2;

    /// <summary>A longer sound is not made again: it would take minutes, and its listeners are told where something is heard.</summary>
    public static TimeSpan LongestAgain { get; } = TimeSpan.FromMinutes(1);

    /// <param name="seed">Seed of the order.</param>
    /// <param name="number">1 for the first further try.</param>
    /// <returns>A seed of 32 bits.</returns>
    public static ulong Of(ulong seed, int number) =>
        SplitMix64.Mix(seed + (ulong)number * SplitMix64.Increment) & uint.MaxValue;
}
