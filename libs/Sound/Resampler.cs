using System.Numerics.Tensors;

namespace Rewas.Sound;

/// <summary>
/// Resamples by any rational factor: interpolates with one <see cref="KaiserSinc"/> filter per phase. The passband is flat to 0.92 of the
/// lower Nyquist frequency. Content above that Nyquist frequency is attenuated by 80 dB.
/// </summary>
/// <remarks>Immutable, so it is thread-safe.</remarks>
public sealed class Resampler
{
    const int ZeroCrossings = 64;                                            // of the sinc, on each side
    const double Cutoff = 0.96; // middle of the transition band, relative to the lower Nyquist frequency
    const double KaiserBeta = 8.0;                                           // 80 dB of attenuation

    readonly int up, down;                                                   // target : source in lowest terms
    readonly int halfTaps;
    readonly float[] phases;                                                 // [up, 2 * halfTaps]

    public Resampler(int sourceRate, int targetRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetRate, 1);
        var divisor = GreatestCommonDivisor(sourceRate, targetRate);
        (up, down) = (targetRate / divisor, sourceRate / divisor);
        var cutoff = Cutoff * Math.Min(1.0, (double)up / down);              // relative to the source's Nyquist frequency
        halfTaps = (int)Math.Ceiling(ZeroCrossings / cutoff);
        phases = new float[checked(up * 2 * halfTaps)];
        for (var phase = 0; phase < up; phase++)
            KaiserSinc.Fill(phases.AsSpan(phase * 2 * halfTaps, 2 * halfTaps), (double)phase / up, cutoff, KaiserBeta);
    }

    /// <summary>Number of samples after resampling: ceil(samples * target / source).</summary>
    public int LengthOf(int sourceSamples) => checked((int)(((long)sourceSamples * up + down - 1) / down));

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
        var (from, to) = (first * down / up - halfTaps + 1, (first + count - 1) * down / up + halfTaps);
        return (from, checked((int)(to - from + 1)));
    }

    /// <summary>Resamples a part of a sound. Samples that are not given count as silence.</summary>
    /// <param name="source">The samples of <see cref="SourceOf"/>.</param>
    /// <param name="sourceFirst">Index of their first one.</param>
    /// <param name="first">Index of the first resampled sample.</param>
    /// <param name="target">Receives the resampled samples.</param>
    public void Resample(ReadOnlySpan<float> source, long sourceFirst, long first, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var position = (first + i) * down;
            var firstTap = (int)(position / up - sourceFirst) - halfTaps + 1; // the phase's first tap in the given samples
            var filter = phases.AsSpan((int)(position % up) * 2 * halfTaps, 2 * halfTaps);
            var from = Math.Max(0, -firstTap);
            var to = Math.Min(filter.Length, source.Length - firstTap);
            target[i] = to > from ? TensorPrimitives.Dot(filter[from..to], source[(firstTap + from)..(firstTap + to)]) : 0;
        }
    }

    static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
