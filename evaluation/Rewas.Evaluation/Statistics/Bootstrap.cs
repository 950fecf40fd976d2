namespace Rewas.Evaluation.Statistics;

/// <summary>95% confidence interval of a figure.</summary>
/// <param name="Low">2.5th percentile.</param>
/// <param name="High">97.5th percentile.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>
/// Percentile bootstrap (Efron 1979): computes the figure for many sets of clips drawn with replacement. The same clips give the same
/// interval on every machine.
/// </summary>
public static class Bootstrap
{
    public const int DefaultResamples = 1000;
    const ulong Seed = 20240715;

    /// <summary>Interval of a mean.</summary>
    /// <param name="values">One per clip; at least one.</param>
    /// <param name="resamples">Number of sets drawn.</param>
    public static Interval OfMean(IReadOnlyList<double> values, int resamples = DefaultResamples) =>
        Of(values.Count, order =>
        {
            var sum = 0.0;
            foreach (var i in order)
                sum += values[i];
            return sum / order.Length;
        }, resamples);

    /// <summary>Interval of any figure of a set of clips.</summary>
    /// <param name="figure">Computes the figure for the clips with these indices.</param>
    /// <param name="resamples">Number of sets drawn.</param>
    public static Interval Of(int clips, Func<int[], double> figure, int resamples = DefaultResamples) =>
        OfTwo(clips, 0, (order, _) => figure(order), resamples);

    /// <summary>Interval of any figure of two sets of clips, drawn independently.</summary>
    /// <param name="first">Number of clips in the first set.</param>
    /// <param name="second">Number of clips in the second set.</param>
    /// <param name="figure">Computes the figure for the clips with these indices.</param>
    /// <param name="resamples">Number of sets drawn.</param>
    public static Interval OfTwo(int first, int second, Func<int[], int[], double> figure, int resamples = DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        var figures = new double[resamples];
        Parallel.For(0, resamples, resample =>
        {
            var random = new SplitMix(Seed + (ulong)resample);
            int[] one = [.. Enumerable.Range(0, first).Select(_ => random.Below(first))];
            int[] other = [.. Enumerable.Range(0, second).Select(_ => random.Below(second))];
            figures[resample] = figure(one, other);
        });
        Array.Sort(figures);
        return new(Percentile(figures, 0.025), Percentile(figures, 0.975));
    }

    /// <summary>Linear interpolation between the two nearest ranks.</summary>
    static double Percentile(double[] sorted, double part)
    {
        var place = part * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
