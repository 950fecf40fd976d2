using Rewas.Sound.Curves;
using ScottPlot;

namespace Rewas.Cli.Output;

/// <summary>Draws an energy curve under its video's filmstrip, on a shared time axis.</summary>
static class CurvePlot
{
    public const int Pictures = 10, PictureWidth = 120, PictureHeight = 90;
    const int Width = 1200, Height = 480;
    const double Quietest = -100, StripHeight = 40, Gap = 4;                 // dB, as the axis counts

    /// <param name="path">The PNG to write.</param>
    /// <param name="curve">Drawn in dB; silence is -100.</param>
    /// <param name="filmstrip">The filmstrip as a PNG; null for none.</param>
    /// <param name="cuts">Times of scene cuts in seconds. Each is drawn as a line.</param>
    public static void Save(string path, EnergyCurve curve, byte[]? filmstrip, string title, params IReadOnlyList<double> cuts)
    {
        using var plot = new Plot();
        var decibels = curve.Values.ToArray().Select(EnergyScale.ToDecibels).ToArray();
        var line = plot.Add.Signal(decibels, 1.0 / EnergyCurve.ValuesPerSecond);
        line.LineWidth = 2;
        // The filmstrip is drawn above the levels of the axis.
        var top = Math.Ceiling(Math.Max(0, decibels.Max()) / 10) * 10;
        if (filmstrip is not null)
            plot.Add.ImageRect(new Image(filmstrip), new CoordinateRect(0, curve.DurationSeconds, top + Gap, top + Gap + StripHeight));
        foreach (var cut in cuts)
            plot.Add.VerticalLine(cut, 1, Colors.Gray, LinePattern.Dashed);
        plot.Axes.SetLimits(0, curve.DurationSeconds, Quietest, top + (filmstrip is null ? Gap : 2 * Gap + StripHeight));
        var levels = Enumerable.Range(0, (int)((top - Quietest) / 20) + 1).Select(i => Quietest + 20 * i).ToArray();
        plot.Axes.Left.SetTicks(levels, [.. levels.Select(level => FormattableString.Invariant($"{level:0}"))]);
        plot.Title(title);
        plot.XLabel("time, s");
        plot.YLabel("energy, dB (silence: -100)");
        plot.SavePng(path, Width, Height);
    }
}
