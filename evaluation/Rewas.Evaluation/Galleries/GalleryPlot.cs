using Rewas.Clip;
using ScottPlot;

namespace Rewas.Evaluation.Galleries;

/// <summary>
/// Pictures of one gallery case: the curves under the filmstrip, and spectrograms of several sounds one above the other.
/// </summary>
static class GalleryPlot
{
    const int Width = 720, CurveHeight = 320;

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
    /// <param name="sounds">
    /// Name and log mel [T, 64] of each sound, from top to bottom. The shortest decides how long all are shown.
    /// </param>
    /// <param name="width">Pixels.</param>
    public static void SaveSpectrograms(string path, IReadOnlyList<(string Name, float[] LogMel)> sounds, int width = Width)
    {
        const int Gap = 4, Bins = ClipTiming.MelBins, RowHeight = 140, AxisHeight = 60;
        const double Quiet = -11.5, Loud = 1;
        var frames = sounds.Min(sound => sound.LogMel.Length) / Bins;
        var rows = new double[sounds.Count * (Bins + Gap) - Gap, frames];
        for (var i = 0; i < sounds.Count; i++)
        {
            var top = i * (Bins + Gap);
            for (var frame = 0; frame < frames; frame++)
            {
                for (var bin = 0; bin < Bins; bin++)
                    rows[top + Bins - 1 - bin, frame] = sounds[i].LogMel[frame * Bins + bin];
                for (var row = 0; row < Gap && i > 0; row++)
                    rows[top - Gap + row, frame] = double.NaN;
            }
        }
        var height = rows.GetLength(0);
        using var plot = new Plot();
        var map = plot.Add.Heatmap(rows);
        map.ManualRange = new(Quiet, Loud);
        map.Extent = new(0, ClipTiming.MelFrameSeconds(frames), 0, height);
        plot.Axes.SetLimits(0, ClipTiming.MelFrameSeconds(frames), 0, height);
        plot.Axes.Left.SetTicks(
            [.. sounds.Select((_, i) => (double)(height - i * (Bins + Gap) - Bins / 2))], [.. sounds.Select(sound => sound.Name)]);
        plot.XLabel("time, s");
        plot.SavePng(path, width, sounds.Count * RowHeight + AxisHeight);
    }
}
