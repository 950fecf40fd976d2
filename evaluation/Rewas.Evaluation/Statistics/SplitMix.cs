using Rewas.Sound;

namespace Rewas.Evaluation.Statistics;

/// <summary>The numbers of <see cref="SplitMix64"/>, one after another.</summary>
sealed class SplitMix(ulong seed)
{
    ulong state = seed * 0xD1342543DE82EF95 + 1;

    public ulong Next()
    {
        state += SplitMix64.Increment;
        return SplitMix64.Mix(state);
    }

    /// <summary>From 0, below the limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);
}
