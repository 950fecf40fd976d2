using System.Numerics.Tensors;

namespace Rewas.Audio;

/// <summary>
/// True peak, which includes the waveform between samples (ITU-R BS.1770 annex 2): 4x oversampling with a Kaiser-windowed sinc. Handles one
/// channel, sample by sample.
/// </summary>
public sealed class TruePeak
{
    /// <summary>Latency, samples.</summary>
    public const int Delay = 24;

    const int Phases = 4, Taps = 2 * Delay;
    const double KaiserBeta = 7;

    static readonly float[][] Filters = [.. Enumerable.Range(1, Phases - 1).Select(phase => Filter((double)phase / Phases))];

    readonly float[] history = new float[2 * Taps]; // each sample is written twice, so that the last Taps are contiguous
    int next;

    /// <summary>Largest magnitude from the sample <see cref="Delay"/> ago up to, but not including, the next one.</summary>
    public float Next(float sample)
    {
        history[next] = history[next + Taps] = sample;
        next = (next + 1) % Taps;
        var window = history.AsSpan(next, Taps);                             // oldest first
        var peak = MathF.Abs(window[Taps - 1 - Delay]);
        foreach (var filter in Filters)
            peak = MathF.Max(peak, MathF.Abs(TensorPrimitives.Dot(window, filter)));
        return peak;
    }

    /// <summary>True peak of a whole waveform with interleaved channels, full scale 1.</summary>
    public static float Of(ReadOnlySpan<float> samples, int channels)
    {
        float peak = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            var meter = new TruePeak();
            for (var i = channel; i < samples.Length; i += channels)
                peak = MathF.Max(peak, meter.Next(samples[i]));
            for (var i = 0; i < Taps; i++)
                peak = MathF.Max(peak, meter.Next(0));
        }
        return peak;
    }

    /// <summary>
    /// Weights of the samples round a point. The point is <paramref name="fraction"/> of a sample after tap Taps - 1 - Delay.
    /// </summary>
    static float[] Filter(double fraction)
    {
        var distances = Enumerable.Range(0, Taps).Select(tap => tap - (Taps - 1 - Delay) - fraction);
        var weights = distances.Select(x => Sinc(x) * Kaiser(x / Delay)).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    static double Kaiser(double x) => Math.Abs(x) >= 1 ? 0 : BesselI0(KaiserBeta * Math.Sqrt(1 - x * x)) / BesselI0(KaiserBeta);

    static double BesselI0(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-12 * sum; k++)
            sum += term *= x * x / (4.0 * k * k);
        return sum;
    }
}
