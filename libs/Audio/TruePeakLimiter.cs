namespace Rewas.Audio;

/// <summary>
/// Keeps the true peak below a ceiling: the gain that each moment needs is known <see cref="LookAheadSeconds"/> ahead, so that it is reached smoothly and in
/// time; it recovers in about <see cref="ReleaseSeconds"/>. All channels get the same gain. What needs no limiting passes unchanged.
/// </summary>
/// <remarks>
/// gain = mean over 2H + 1 frames of the least gain over 2H + 3 frames: round a peak, every value that is averaged is at most what the peak needs.
/// </remarks>
public sealed class TruePeakLimiter
{
    const double LookAheadSeconds = 0.005, ReleaseSeconds = 0.06;
    const double KeptBack = 0.99;                                            // 0.09 dB, for what the gain adds by moving

    readonly int channels, half, window;
    readonly float ceiling;
    readonly double release;
    readonly TruePeak[] peaks;
    readonly float[] delayed;                                                // frames on their way, a ring
    readonly float[] least;                                                  // least gains of the last window frames, a ring
    readonly LinkedList<(long Frame, float Gain)> candidates = [];           // gains that may still be the least of their window, ascending
    readonly int delayFrames;
    double sum, recovering = 1;
    long frame;

    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="channels">Interleaved.</param>
    /// <param name="ceiling">Full scale 1.</param>
    public TruePeakLimiter(int sampleRate, int channels, double ceiling)
    {
        (this.channels, this.ceiling) = (channels, (float)(ceiling * KeptBack));
        half = (int)(LookAheadSeconds / 2 * sampleRate);
        window = 2 * half + 1;
        release = 1 - Math.Exp(-1 / (ReleaseSeconds * sampleRate));
        peaks = [.. Enumerable.Range(0, channels).Select(_ => new TruePeak())];
        delayFrames = TruePeak.Delay + 2 * half + 1;                         // one more: a peak may lie just before its sample
        delayed = new float[delayFrames * channels];
        least = new float[window];
        Array.Fill(least, 1f);
        sum = window;
    }

    /// <summary>Frames that come out later than they went in.</summary>
    public int DelayFrames => delayFrames;

    /// <summary>Takes frames and gives as many: those <see cref="DelayFrames"/> earlier, limited. Silence before the first.</summary>
    /// <param name="samples">Whole frames; replaced by the answer.</param>
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
