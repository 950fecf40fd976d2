namespace Rewas.Sound;

/// <summary>
/// Resamples a waveform that arrives in parts, with the same result as <see cref="Resampler.Resample(ReadOnlySpan{float})"/>. It holds the
/// newest part and what its filter reaches.
/// </summary>
public sealed class ResampledParts(int sourceRate, int targetRate)
{
    readonly Resampler resampler = new(sourceRate, targetRate);
    float[] held = [];                                                       // of the source, with spare room
    long first, received, made;                                              // first: index of held[0]

    /// <summary>Number of samples of the target when the source has so many.</summary>
    public long LengthOf(long sourceSamples) => resampler.LengthOf(sourceSamples);

    /// <summary>Takes the next samples, and gives those of the target that depend on no later ones.</summary>
    public float[] Add(ReadOnlySpan<float> part)
    {
        if (sourceRate == targetRate)
            return part.ToArray();
        DropBefore(Math.Max(0, resampler.FirstNeeded(made)));
        var count = (int)(received - first);
        if (count + part.Length > held.Length)
            Array.Resize(ref held, Math.Max(count + part.Length, 2 * held.Length));
        part.CopyTo(held.AsSpan(count));
        received += part.Length;
        var ready = made;
        while (resampler.LastNeeded(ready) < received)
            ready++;
        return Make(ready);
    }

    /// <summary>Gives the last samples. After the end is silence.</summary>
    public float[] End() => sourceRate == targetRate ? [] : Make(resampler.LengthOf(received));

    float[] Make(long end)
    {
        var target = new float[Math.Max(0, end - made)];
        var source = held.AsSpan(0, (int)(received - first));
        for (var i = 0; i < target.Length; i++)
            target[i] = resampler.At(made++, source, first);
        return target;
    }

    void DropBefore(long index)
    {
        var drop = (int)Math.Min(index - first, received - first);
        if (drop <= 0)
            return;
        held.AsSpan(drop, (int)(received - first) - drop).CopyTo(held);
        first += drop;
    }
}
