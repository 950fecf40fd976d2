namespace Rewas.AudioDiffusion;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a pure function from
/// a 128-bit counter and a 64-bit key to 128 random bits. A request's numbers do not depend on other draws.
/// </summary>
public static class Philox
{
    const int Rounds = 10;

    /// <summary>Random words of a counter.</summary>
    public static (uint X, uint Y, uint Z, uint W) Words(uint x, uint y, uint z, uint w, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var first = (ulong)x * 0xD2511F53u;
            var second = (ulong)z * 0xCD9E8D57u;
            (x, y, z, w) = ((uint)(second >> 32) ^ y ^ key0, (uint)second, (uint)(first >> 32) ^ w ^ key1, (uint)first);
            key0 = unchecked(key0 + 0x9E3779B9u);
            key1 = unchecked(key1 + 0xBB67AE85u);
        }
        return (x, y, z, w);
    }

    /// <summary>Two normal values from two uniform words (Box and Muller, 1958).</summary>
    public static (float, float) Normal(uint a, uint b)
    {
        var radius = Math.Sqrt(-2 * Math.Log((a + 0.5) / 4294967296.0));     // never the logarithm of zero
        var (sine, cosine) = Math.SinCos(2 * Math.PI * b / 4294967296.0);
        return ((float)(radius * cosine), (float)(radius * sine));
    }
}
