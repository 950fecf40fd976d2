namespace Rewas.Sound.Levels;

/// <summary>
/// Integrated loudness after ITU-R BS.1770-4: the K-weighted mean square of overlapping 400 ms blocks, gated at -70 LUFS and then 10 LU
/// below the mean of the remaining blocks. Samples are added part by part; one number is kept for each 100 ms.
/// </summary>
public sealed class LoudnessMeter
{
    const double AbsoluteGate = -70, RelativeGate = -10, Offset = -0.691;
    const int StepsPerBlock = 4;                                             // a 400 ms block begins every 100 ms

    readonly int channels, stepFrames;
    readonly KWeighting[] weighting;                                         // one per channel
    readonly List<double> steps = [];                                        // sum of squares of each 100 ms, all channels
    double step;
    int framesInStep;

    /// <param name="sampleRate">8,000 to 192,000.</param>
    /// <param name="channels">1 or 2, weighted equally.</param>
    public LoudnessMeter(int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        (this.channels, stepFrames) = (channels, sampleRate / 10);
        weighting = [.. Enumerable.Range(0, channels).Select(_ => new KWeighting(sampleRate))];
    }

    /// <summary>Adds samples: whole frames, channels interleaved.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < samples.Length; i += channels)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var weighted = weighting[channel].Next(samples[i + channel]);
                step += weighted * weighted;
            }
            if (++framesInStep < stepFrames)
                continue;
            steps.Add(step);
            (step, framesInStep) = (0, 0);
        }
    }

    /// <summary>
    /// Loudness so far, LUFS. It is negative infinity for silence. A sound shorter than a block counts as one block of its own length.
    /// </summary>
    public double Integrated()
    {
        var blocks = Blocks();
        var audible = blocks.Where(power => Lufs(power) > AbsoluteGate).ToList();
        if (audible.Count == 0)
            return double.NegativeInfinity;
        var gate = Lufs(audible.Average()) + RelativeGate;
        return Lufs(audible.Where(power => Lufs(power) > gate).Average());
    }

    List<double> Blocks()
    {
        if (steps.Count < StepsPerBlock)
            return steps.Count * stepFrames + framesInStep is > 0 and var frames ? [(steps.Sum() + step) / frames] : [];
        var blocks = Enumerable.Range(0, steps.Count - StepsPerBlock + 1);
        return [.. blocks.Select(first => steps.GetRange(first, StepsPerBlock).Sum() / (StepsPerBlock * stepFrames))];
    }

    static double Lufs(double power) => Offset + 10 * Math.Log10(power);
}
