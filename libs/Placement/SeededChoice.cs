namespace Rewas.Placement;

/// <summary>
/// Random numbers that depend only on a seed and a place, so that an edit elsewhere does not change them. The mixing function is that of
/// SplitMix64 (Steele, Lea and Flood, 2014).
/// </summary>
/// <param name="purpose">Separates different uses of a seed.</param>
readonly struct SeededChoice(uint seed, uint purpose)
{
    readonly ulong state = ((ulong)seed << 32) | purpose;

    /// <summary>Uniform in [0, 1).</summary>
    public float Share(long place, int number = 0) => (Word(place, number) >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, count).</summary>
    public int Below(int count, long place, int number = 0) => (int)(Word(place, number) % (ulong)count);

    ulong Word(long place, int number) => Mix(Mix(state + (ulong)place * 0x9E3779B97F4A7C15) + (ulong)number * 0xD1B54A32D192ED03);

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
