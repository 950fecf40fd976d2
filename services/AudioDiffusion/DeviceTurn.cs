namespace Rewas.AudioDiffusion;

/// <summary>
/// The turn of a caller among all callers, or of a request among those of its caller. The lowest number comes first. After a slice of the
/// device, the next number is taken, which is behind all others.
/// </summary>
sealed class DeviceTurn(long number)
{
    int used;

    public long Number { get; private set; } = number;

    /// <summary>Open requests that share it.</summary>
    public int Requests { get; set; }

    /// <summary>Counts the rows of one latent in a call.</summary>
    /// <param name="slice">Rows of a slice.</param>
    /// <param name="next">The next number. It goes up if it is taken.</param>
    public void Use(int rows, int slice, ref long next)
    {
        used += rows;
        if (used < slice)
            return;
        used %= slice;                                                       // what was used beyond the slice counts in the next one
        Number = next++;
    }
}
