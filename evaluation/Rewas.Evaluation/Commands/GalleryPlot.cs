using Rewas.Clip;
using ScottPlot;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// Pictures of one gallery case: the curves under the filmstrip, and the spectrograms of the true and of the generated sound.
/// </summary>
static class GalleryPlot
{
    const int Width = 900, CurveHeight = 380, SpectrogramHeight = 420;

    /// <param name="path">Where the PNG goes.</param>
    /// <param name="strip">PNG of the filmstrip.</param>
    /// <param name="curves">Name and values, 100 a second.</param>
    public static void SaveCurves(string path, byte[] strip, IReadOnlyList<(string Name, float[] Values)> curves)
    {
        const double PlotTop = -1, StripHeight = 4;
        using var plot = new Plot();
        foreach (var (name, values) in curves)
            plot.Add.Signal(values, (double)ClipTiming.HopSamples / ClipTiming.SampleRate).LegendText = name;
        var seconds = ClipTiming.MelFrameSeconds(curves[0].Values.Length);
        plot.Add.ImageRect(new Image(strip), new CoordinateRect(0, seconds, PlotTop, PlotTop + StripHeight));
        plot.Axes.SetLimits(0, seconds, -12, PlotTop + StripHeight);
        plot.XLabel("time, s");
        plot.YLabel("energy, mean log mel");
        plot.ShowLegend(Alignment.LowerRight, Orientation.Horizontal);
        plot.SavePng(path, Width, CurveHeight);
    }

    /// <param name="path">Where the PNG goes.</param>
    /// <param name="above">Log mel [T, 64] of the true sound.</param>
    /// <param name="below">Log mel [T, 64] of the generated sound.</param>
    public static void SaveSpectrograms(string path, float[] above, float[] below)
    {
        const int Gap = 4;
        const double Quiet = -11.5, Loud = 1;
        var frames = Math.Min(above.Length, below.Length) / ClipTiming.MelBins;
        var rows = new double[2 * ClipTiming.MelBins + Gap, frames];
        for (var frame = 0; frame < frames; frame++)
        {
            for (var bin = 0; bin < ClipTiming.MelBins; bin++)
            {
                rows[ClipTiming.MelBins - 1 - bin, frame] = above[frame * ClipTiming.MelBins + bin];
                rows[rows.GetLength(0) - 1 - bin, frame] = below[frame * ClipTiming.MelBins + bin];
            }
            for (var row = 0; row < Gap; row++)
                rows[ClipTiming.MelBins + row, frame] = double.NaN;
        }
        using var plot = new Plot();
        var map = plot.Add.Heatmap(rows);
        map.ManualRange = new(Quiet, Loud);
        map.Extent = new(0, ClipTiming.MelFrameSeconds(frames), 0, rows.GetLength(0));
        plot.Axes.SetLimits(0, ClipTiming.MelFrameSeconds(frames), 0, rows.GetLength(0));
        plot.Axes.Left.SetTicks([ClipTiming.MelBins / 2, ClipTiming.MelBins * 3 / 2 + Gap], ["generated", "true"]);
        plot.XLabel("time, s");
        plot.SavePng(path, Width, SpectrogramHeight);
    }
}
