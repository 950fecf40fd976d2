using Rewas.Audio;

namespace Rewas.Evaluation;

/// <summary>
/// Loudness of a mono clip after ITU-R BS.1770-4: K-weighting, blocks of 0.4 s that overlap by 75%, those below -70 LUFS and those 10 LU below
/// the mean of the rest left out.
/// </summary>
static class IntegratedLoudness
{
    const double Offset = -0.691, AbsoluteGate = -70, RelativeGate = 10;

    /// <returns>LUFS; null where no block is above the gate.</returns>
    public static double? Of(Waveform wave)
    {
        var (block, hop) = (wave.SampleRate * 2 / 5, wave.SampleRate / 10);
        var squares = Weighted(wave).Select(v => v * v).ToArray();
        var sums = new double[squares.Length + 1];
        for (var i = 0; i < squares.Length; i++)
            sums[i + 1] = sums[i] + squares[i];
        var blocks = new List<double>();
        for (var start = 0; start + block <= squares.Length; start += hop)
            blocks.Add((sums[start + block] - sums[start]) / block);

        var audible = blocks.Where(power => Lufs(power) > AbsoluteGate).ToList();
        if (audible.Count == 0)
            return null;
        var gate = Lufs(audible.Average()) - RelativeGate;
        return Lufs(audible.Where(power => Lufs(power) > gate).Average());
    }

    static double Lufs(double power) => power > 0 ? Offset + 10 * Math.Log10(power) : double.NegativeInfinity;

    /// <summary>The two filters of the recommendation, from their analogue form (De Man 2014) for any rate: high shelf, then high pass.</summary>
    static double[] Weighted(Waveform wave)
    {
        var shelf = Math.Tan(Math.PI * 1681.974450955533 / wave.SampleRate);
        const double shelfQ = 0.7071752369554196, gain = 1.584864701130855, middle = 1.258720930232562;
        var (a0, a1, a2) = (1 + shelf / shelfQ + shelf * shelf, 2 * (shelf * shelf - 1), 1 - shelf / shelfQ + shelf * shelf);
        var shelved = Filter([.. wave.Samples.Select(v => (double)v)],
            (gain + middle * shelf / shelfQ + shelf * shelf) / a0, 2 * (shelf * shelf - gain) / a0, (gain - middle * shelf / shelfQ + shelf * shelf) / a0, a1 / a0, a2 / a0);

        var pass = Math.Tan(Math.PI * 38.13547087602444 / wave.SampleRate);
        const double passQ = 0.5003270373238773;
        var p0 = 1 + pass / passQ + pass * pass;
        return Filter(shelved, 1, -2, 1, 2 * (pass * pass - 1) / p0, (1 - pass / passQ + pass * pass) / p0);
    }

    static double[] Filter(double[] x, double b0, double b1, double b2, double a1, double a2)
    {
        var y = new double[x.Length];
        double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
        for (var n = 0; n < x.Length; n++)
        {
            y[n] = b0 * x[n] + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
            (x1, x2, y1, y2) = (x[n], x1, y[n], y1);
        }
        return y;
    }
}
