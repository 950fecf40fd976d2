namespace Rewas.Sound.Levels;

/// <summary>
/// Integrated loudness after ITU-R BS.1770-4: the K-weighted mean square of overlapping 400 ms blocks, gated at -70 LUFS and then 10 LU
/// below the mean of the remaining blocks. Loudness range after EBU Tech 3342. Samples are added part by part; one number is kept for each
/// 100 ms.
/// </summary>
public sealed class LoudnessMeter
{
    const double AbsoluteGate = -70, RelativeGate = -10, Offset = -0.691;
    const int StepsPerBlock = 4;                                             // a 400 ms block begins every 100 ms
    const int StepsOfShortTerm = 30;                                         // 3 s
    const double RangeGate = -20, LowShare = 0.10, HighShare = 0.95;

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

    /// <summary>Loudness range, LU; 0 for silence and for a sound shorter than 3 s.</summary>
    public double Range()
    {
        var audible = Blocks(StepsOfShortTerm).Where(power => Lufs(power) > AbsoluteGate).ToList();
        if (steps.Count < StepsOfShortTerm || audible.Count == 0)
            return 0;
        var gate = Lufs(audible.Average()) + RangeGate;
        var heard = audible.Where(power => Lufs(power) >= gate).Select(Lufs).Order().ToList();
        return At(HighShare) - At(LowShare);

        double At(double share) => heard[(int)Math.Round(share * (heard.Count - 1))];
    }

    /// <summary>Highest loudness of any 400 ms, LUFS; negative infinity for silence.</summary>
    public double MostMomentary() => Lufs(Blocks().DefaultIfEmpty(0).Max());

    /// <summary>Highest loudness of any 3 s, LUFS; negative infinity for silence.</summary>
    public double MostShortTerm() => Lufs(Blocks(StepsOfShortTerm).DefaultIfEmpty(0).Max());

    /// <summary>Mean power of each block of so many steps. A shorter sound counts as one block of its own length.</summary>
    List<double> Blocks(int length = StepsPerBlock)
    {
        if (steps.Count < length)
            return steps.Count * stepFrames + framesInStep is > 0 and var frames ? [(steps.Sum() + step) / frames] : [];
        var blocks = Enumerable.Range(0, steps.Count - length + 1);
        return [.. blocks.Select(first => steps.GetRange(first, length).Sum() / (length * stepFrames))];
    }

    static double Lufs(double power) => Offset + 10 * Math.Log10(power);
}
