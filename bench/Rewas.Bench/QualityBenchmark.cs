using System.Globalization;
using Rewas.Bundles;
using Rewas.Clip.Names;
using Rewas.Sound;
using ScottPlot;

namespace Rewas.Bench;

/// <summary>
/// Compares quality with work. The reference is the deterministic solution that many steps of DDIM approach, from the same noise. The
/// distance is the mean absolute difference of the log mels. The energy curves of the two mels are compared by correlation. Labels are
/// judged without a reference.
/// </summary>
static class QualityBenchmark
{
    const int PublishedSteps = 200, PlotWidth = 900, PlotHeight = 600;

    static readonly (string Sampler, string[] Spacings)[] Samplers =
    [
        (SamplerNames.Ddim, [SamplerNames.Uniform, SamplerNames.Trailing]),
        (SamplerNames.DpmSolver, [SamplerNames.Uniform, SamplerNames.Trailing, SamplerNames.LogSnr, SamplerNames.Karras]),
        (SamplerNames.UniPc, [SamplerNames.Uniform, SamplerNames.Trailing, SamplerNames.LogSnr, SamplerNames.Karras]),
    ];

    /// <param name="bundle">A bundle with a classifier.</param>
    /// <param name="precision">One of <see cref="PrecisionNames"/>.</param>
    /// <param name="clips">Clips to sample with each setting.</param>
    /// <param name="stepCounts">Numbers of steps to try.</param>
    /// <param name="plot">PNG file to write, or null.</param>
    public static IEnumerable<string> Run(
        Bundle bundle, int threads, string precision, int clips, int[] stepCounts, int referenceSteps, string? plot)
    {
        using var sampling = new Sampling(bundle, threads, rows: Math.Max(3, 2 * clips), precision);
        var reference = Mels(sampling, SamplerNames.Ddim, SamplerNames.Uniform, referenceSteps, clips);
        yield return $"Distance of the log mel to {referenceSteps} steps of DDIM (eta 0) from the same noise, mean of {clips} clips; "
            + $"correlation of energies; share that the classifier takes for the prompt "
            + $"({Text(sampling.LabelAccuracy(reference), "F3")} of the reference):";
        yield return "";
        yield return "| sampler | spacing | steps | log-mel distance | energy correlation | label accuracy |";
        yield return "|---|---|---|---|---|---|";
        var published = Measure(sampling, SamplerNames.Ddim, SamplerNames.Uniform, PublishedSteps, reference);
        yield return Row(published);
        var points = new List<Point>();
        foreach (var (sampler, spacings) in Samplers)
            foreach (var spacing in spacings)
                foreach (var steps in stepCounts)
                {
                    points.Add(Measure(sampling, sampler, spacing, steps, reference));
                    yield return Row(points[^1]);
                }
        if (plot is not null)
            Plot(points, published, plot);
    }

    static Point Measure(Sampling sampling, string sampler, string spacing, int steps, float[][] reference)
    {
        var mels = Mels(sampling, sampler, spacing, steps, reference.Length);
        return new(
            sampler, spacing, steps,
            mels.Zip(reference, (a, b) => Correlation.MeanAbsoluteError(a, b)).Average(),
            mels.Zip(reference, (a, b) => Correlation.Pearson(Energy.OfLogMel(a), Energy.OfLogMel(b))).Average(),
            sampling.LabelAccuracy(mels));
    }

    static float[][] Mels(Sampling sampling, string sampler, string spacing, int steps, int clips) =>
        Task.WhenAll(Enumerable.Range(0, clips).Select(
            clip => Task.Run(() => sampling.MelAsync(sampling.Request(sampler, spacing, steps, clip), clip)))).Result;

    static string Row(Point p) =>
        $"| {p.Sampler} | {p.Spacing} | {p.Steps} | {Text(p.Distance, "F4")} | {Text(p.EnergyCorrelation, "F5")} | "
        + $"{Text(p.LabelAccuracy, "F3")} |";

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Plots the distance over the steps, one line for each sampler and spacing.</summary>
    static void Plot(List<Point> points, Point published, string path)
    {
        using var plot = new Plot();
        foreach (var line in points.GroupBy(point => $"{point.Sampler}, {point.Spacing}"))
            plot.Add.Scatter(line.Select(p => (double)p.Steps).ToArray(), line.Select(p => p.Distance).ToArray()).LegendText = line.Key;
        plot.Add.HorizontalLine(published.Distance).LegendText = $"{published.Sampler}, {published.Spacing}, {published.Steps} steps";
        plot.Axes.SetLimitsY(0, 2.5 * points.Select(p => p.Distance).Order().ElementAt(points.Count / 2));
        plot.XLabel("denoiser calls");
        plot.YLabel("distance of the log mel");
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(path, PlotWidth, PlotHeight);
    }

    sealed record Point(string Sampler, string Spacing, int Steps, double Distance, double EnergyCorrelation, double LabelAccuracy);
}
