namespace Rewas.SoundStudio;

/// <summary>
/// Learns from finished renders how long the next one takes. The time is a sum over the parts of its work. Few renders teach how fast the
/// machine is as a whole; many teach the time of each part. A render that took far longer than expected, such as the first one, for which
/// networks are loaded, counts less. Recent renders count more.
/// </summary>
public sealed class RenderTimes
{
    /// <summary>Renders that are remembered.</summary>
    const int MostKept = 60;

    /// <summary>Weight that is left of a render when the next one comes.</summary>
    const double Kept = 0.93;

    /// <summary>Weight of the belief that a part takes the machine's multiple of its usual time, in renders.</summary>
    const double Belief = 0.1;

    /// <summary>A relative error from which a render counts less.</summary>
    const double Usual = 0.15;

    const int Rounds = 8;

    readonly Lock gate = new();
    readonly List<(RenderWork Work, double Seconds)> known = [];             // the latest last
    double[] secondsOfParts = [];                                            // empty before the first render

    /// <param name="taken">From its start to its end, without the time of other renders.</param>
    public void Learn(RenderWork work, TimeSpan taken)
    {
        lock (gate)
        {
            if (known.Count == MostKept)
                known.RemoveAt(0);
            known.Add((work, Math.Max(taken.TotalSeconds, 1e-3)));
            secondsOfParts = Fit();
        }
    }

    /// <summary>Expected time; null before the first render.</summary>
    public TimeSpan? Expect(RenderWork work)
    {
        lock (gate)
            return secondsOfParts.Length == 0 ? null : TimeSpan.FromSeconds(Sum(work, secondsOfParts));
    }

    /// <summary>
    /// :: Step 1: the machine's multiple of the usual times is the middle one of all renders. :: Step 2: fit the multiple of each part by
    /// least squares of relative errors. Renders that do not fit count less in the next round.
    /// </summary>
    double[] Fit()
    {
        // :: Step 1
        double[] usual = [.. RenderWork.Parts.Select(part => part.Seconds)];
        var weights = known.Select((_, i) => Math.Pow(Kept, known.Count - 1 - i)).ToArray();
        var machine = Middle([.. known.Select((render, i) => (render.Seconds / Sum(render.Work, usual), weights[i]))]);
        double[] expected = [.. usual.Select(seconds => machine * seconds)];

        // :: Step 2
        var multiples = Enumerable.Repeat(1.0, usual.Length).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var fit = new NormalEquations(usual.Length);
            for (var i = 0; i < usual.Length; i++)
                fit.Add(Enumerable.Range(0, usual.Length).Select(part => part == i ? 1.0 : 0), 1, Belief);
            foreach (var ((work, seconds), weight) in known.Zip(weights))
            {
                double[] shares = [.. work.Amounts.Select((amount, part) => amount * expected[part] / seconds)];
                var error = Math.Abs(shares.Zip(multiples, (share, multiple) => share * multiple).Sum() - 1);
                fit.Add(shares, 1, weight * Math.Min(1, Usual / Math.Max(error, 1e-9)));
            }
            multiples = [.. fit.Solve().Select(multiple => Math.Clamp(multiple, 0.1, 10))];
        }
        return [.. expected.Zip(multiples, (seconds, multiple) => seconds * multiple)];
    }

    static double Sum(RenderWork work, double[] secondsOfParts) => work.Amounts.Zip(secondsOfParts, (amount, unit) => amount * unit).Sum();

    /// <summary>The weighted median.</summary>
    static double Middle(List<(double Value, double Weight)> values)
    {
        values.Sort();
        var left = values.Sum(value => value.Weight) / 2;
        return values.First(value => (left -= value.Weight) <= 0).Value;
    }
}
