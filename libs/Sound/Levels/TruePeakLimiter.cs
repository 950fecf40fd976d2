namespace Rewas.Sound.Levels;

/// <summary>
/// Keeps the true peak below a ceiling. The required gain is known <see cref="LookAheadSeconds"/> ahead, so it is reached smoothly and in
/// time. It recovers in about <see cref="ReleaseSeconds"/>. All channels get the same gain. Sound below the ceiling passes unchanged.
/// </summary>
/// <remarks>
/// The gain is the mean over 2H + 1 frames of the minimum gain over 2H + 3 frames. Every averaged value near a peak is therefore at most
/// what the peak needs.
/// </remarks>
public sealed class TruePeakLimiter
{
    const double LookAheadSeconds = 0.005, ReleaseSeconds = 0.06;
    const double KeptBack = 0.99;                                            // 0.09 dB of margin, for peaks that the moving gain adds

    readonly int channels, half, window;
    readonly float ceiling;
    readonly double release;
    readonly TruePeak[] peaks;
    readonly float[] delayed;                                                // ring buffer of delayed frames
    readonly float[] least;                                                  // ring buffer of the minimum gains of the last window
    readonly LinkedList<(long Frame, float Gain)> candidates = [];           // gains that may still be their window's minimum, ascending
    readonly int delayFrames;
    double sum, recovering = 1;
    long frame;

    /// <param name="channels">Interleaved.</param>
    /// <param name="ceiling">Full scale is 1.</param>
    public TruePeakLimiter(int sampleRate, int channels, double ceiling)
    {
        (this.channels, this.ceiling) = (channels, (float)(ceiling * KeptBack));
        half = (int)(LookAheadSeconds / 2 * sampleRate);
        window = 2 * half + 1;
        release = 1 - Math.Exp(-1 / (ReleaseSeconds * sampleRate));
        peaks = [.. Enumerable.Range(0, channels).Select(_ => new TruePeak())];
        delayFrames = TruePeak.Delay + 2 * half + 1;                         // one more, because a peak may lie just before its sample
        delayed = new float[delayFrames * channels];
        least = new float[window];
        Array.Fill(least, 1f);
        sum = window;
    }

    /// <summary>Latency, frames.</summary>
    public int DelayFrames => delayFrames;

    /// <summary>Replaces frames with the limited frames from <see cref="DelayFrames"/> earlier, starting with silence.</summary>
    /// <param name="samples">Whole frames, overwritten.</param>
    public void Process(Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i += channels)
        {
            var gain = Gain(samples.Slice(i, channels));
            var slot = (int)(frame % delayFrames) * channels;
            for (var channel = 0; channel < channels; channel++)
            {
                var earlier = delayed[slot + channel];
                delayed[slot + channel] = samples[i + channel];
                samples[i + channel] = earlier * gain;
            }
            frame++;
        }
    }

    float Gain(ReadOnlySpan<float> newest)
    {
        float peak = 0;
        for (var channel = 0; channel < channels; channel++)
            peak = MathF.Max(peak, peaks[channel].Next(newest[channel]));
        var needed = peak > ceiling ? ceiling / peak : 1;
        recovering = Math.Min(needed, recovering + (1 - recovering) * release);
        if (recovering > 0.99999)
            recovering = 1;
        var gain = (float)recovering;

        while (candidates.Last is { } last && last.Value.Gain >= gain)
            candidates.RemoveLast();
        candidates.AddLast((frame, gain));
        while (candidates.First!.Value.Frame <= frame - window - 2)
            candidates.RemoveFirst();

        var slot = (int)(frame % window);
        var leastNow = candidates.First.Value.Gain;
        sum += leastNow - (double)least[slot];
        least[slot] = leastNow;
        return leastNow == 1 && Math.Abs(sum - window) < 1e-6 ? 1 : (float)(sum / window);
    }
}
