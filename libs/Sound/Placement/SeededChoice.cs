namespace Rewas.Sound.Placement;

/// <summary>
/// Random numbers that depend only on a seed and a place, so that an edit elsewhere does not change them.
/// </summary>
/// <param name="purpose">Separates different uses of a seed.</param>
readonly struct SeededChoice(uint seed, uint purpose)
{
    readonly ulong state = ((ulong)seed << 32) | purpose;

    /// <summary>Uniform in [0, 1).</summary>
    public float Share(long place, int number = 0) => (Word(place, number) >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, count).</summary>
    public int Below(int count, long place, int number = 0) => (int)(Word(place, number) % (ulong)count);

    ulong Word(long place, int number) =>
        SplitMix64.Mix(SplitMix64.Mix(state + (ulong)place * SplitMix64.Increment) + (ulong)number * 0xD1B54A32D192ED03);
}
