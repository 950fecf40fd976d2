namespace Rewas.Evaluation;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every machine and in every version.</summary>
sealed class SplitMix(ulong seed)
{
    ulong state = seed * 0xD1342543DE82EF95 + 1;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>From 0, below the limit.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);
}
