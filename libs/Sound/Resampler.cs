using System.Numerics.Tensors;

namespace Rewas.Sound;

/// <summary>
/// Resamples by any rational factor: interpolates with one <see cref="KaiserSinc"/> filter per phase. The passband is flat to 0.92 of the
/// lower Nyquist frequency. Content above that Nyquist frequency is attenuated by 80 dB.
/// </summary>
/// <remarks>
/// Immutable, so it is thread-safe. Rates of recordings have up to some hundred phases in common, and each has its own filter. Rates
/// without a common divisor have many thousand; then two neighbouring filters of a table are mixed, which is exact to -110 dB.
/// </remarks>
public sealed class Resampler
{
    const int ZeroCrossings = 64;                                            // of the sinc, on each side
    const double Cutoff = 0.96; // middle of the transition band, relative to the lower Nyquist frequency
    const double KaiserBeta = 8.0;                                           // 80 dB of attenuation

    /// <summary>Most filters of one table.</summary>
    const int MostPhases = 1024;

    readonly int up, down;                                                   // target : source in lowest terms
    readonly int halfTaps, phases;
    readonly float[] filters;                                                // [phases, 2 * halfTaps]; one more if they are mixed

    public Resampler(int sourceRate, int targetRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetRate, 1);
        var divisor = GreatestCommonDivisor(sourceRate, targetRate);
        (up, down) = (targetRate / divisor, sourceRate / divisor);
        phases = Math.Min(up, MostPhases);
        var cutoff = Cutoff * Math.Min(1.0, (double)up / down);              // relative to the source's Nyquist frequency
        halfTaps = (int)Math.Ceiling(ZeroCrossings / cutoff);
        filters = new float[checked((IsMixed ? phases + 1 : phases) * 2 * halfTaps)];
        for (var phase = 0; phase * 2 * halfTaps < filters.Length; phase++)
            KaiserSinc.Fill(filters.AsSpan(phase * 2 * halfTaps, 2 * halfTaps), (double)phase / phases, cutoff, KaiserBeta);
    }

    bool IsMixed => phases < up;

    /// <summary>Number of samples after resampling: ceil(samples * target / source).</summary>
    public int LengthOf(int sourceSamples) => checked((int)LengthOf((long)sourceSamples));

    /// <summary>Resamples a whole waveform, with silence before and after it.</summary>
    public float[] Resample(ReadOnlySpan<float> source)
    {
        if (up == down)
            return source.ToArray();
        var target = new float[LengthOf(source.Length)];
        Resample(source, 0, 0, target);
        return target;
    }

    /// <summary>The source samples that a part of the resampled sound depends on. They may reach past both ends of the source.</summary>
    /// <param name="first">First sample of the part.</param>
    /// <param name="count">Samples of the part; at least 1.</param>
    public (long First, int Count) SourceOf(long first, int count)
    {
        var from = FirstNeeded(first);
        return (from, checked((int)(LastNeeded(first + count - 1) - from + 1)));
    }

    /// <summary>Resamples a part of a sound. Samples that are not given count as silence.</summary>
    /// <param name="source">The samples of <see cref="SourceOf"/>.</param>
    /// <param name="sourceFirst">Index of their first one.</param>
    /// <param name="first">Index of the first resampled sample.</param>
    /// <param name="target">Receives the resampled samples.</param>
    public void Resample(ReadOnlySpan<float> source, long sourceFirst, long first, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = At(first + i, source, sourceFirst);
    }

    /// <summary>ceil(samples * target / source).</summary>
    internal long LengthOf(long sourceSamples) => checked((sourceSamples * up + down - 1) / down);

    /// <summary>First sample of the source that a sample of the target depends on. It may lie before the source's start.</summary>
    internal long FirstNeeded(long target) => target * down / up - halfTaps + 1;

    /// <summary>Last sample of the source that a sample of the target depends on.</summary>
    internal long LastNeeded(long target) => target * down / up + halfTaps;

    /// <summary>One sample of the target.</summary>
    /// <param name="source">A part of the source. Outside of it is silence.</param>
    /// <param name="first">Index of the part's first sample.</param>
    internal float At(long target, ReadOnlySpan<float> source, long first)
    {
        var firstTap = FirstNeeded(target) - first;
        var from = (int)Math.Max(0, -firstTap);
        var to = (int)Math.Min(2 * halfTaps, source.Length - firstTap);
        if (to <= from)
            return 0;
        var part = source[(int)(firstTap + from)..(int)(firstTap + to)];
        var phase = target * down % up;
        if (!IsMixed)
            return TensorPrimitives.Dot(Filter((int)phase)[from..to], part);
        var position = (double)phase / up * phases;
        var before = (int)position;
        var (one, next) = (TensorPrimitives.Dot(Filter(before)[from..to], part), TensorPrimitives.Dot(Filter(before + 1)[from..to], part));
        return (float)(one + (next - (double)one) * (position - before));
    }

    ReadOnlySpan<float> Filter(int phase) => filters.AsSpan(phase * 2 * halfTaps, 2 * halfTaps);

    static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
