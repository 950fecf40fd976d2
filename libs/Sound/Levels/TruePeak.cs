using System.Numerics.Tensors;

namespace Rewas.Sound.Levels;

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

    static float[] Filter(double fraction)
    {
        var weights = new float[Taps];
        KaiserSinc.Fill(weights, fraction, cutoff: 1, KaiserBeta);
        return weights;
    }
}
