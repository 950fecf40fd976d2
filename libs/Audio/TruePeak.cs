using System.Numerics.Tensors;

namespace Rewas.Audio;

/// <summary>
/// Peak of the waveform between the samples too (ITU-R BS.1770 annex 2): four times oversampled with a Kaiser-windowed sinc. For one channel, sample by sample.
/// </summary>
public sealed class TruePeak
{
    /// <summary>Samples that an answer comes late.</summary>
    public const int Delay = 24;

    const int Phases = 4, Taps = 2 * Delay;
    const double KaiserBeta = 7;

    static readonly float[][] Filters = [.. Enumerable.Range(1, Phases - 1).Select(phase => Filter((double)phase / Phases))];

    readonly float[] history = new float[2 * Taps];                          // written twice, so that the last Taps lie in one piece
    int next;

    /// <summary>Largest magnitude from the sample <see cref="Delay"/> ago up to, but not including, the one after it.</summary>
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
