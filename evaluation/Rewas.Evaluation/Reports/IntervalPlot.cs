using Rewas.Evaluation.Figures;
using ScottPlot;

namespace Rewas.Evaluation.Reports;

/// <summary>A figure of several systems: a dot for each, and a bar for its interval.</summary>
static class IntervalPlot
{
    const int Width = 200, RowHeight = 12;
    const double Margin = 0.03;                                              // of the width, on either side

    public static string Html(IReadOnlyList<Figure?> figures)
    {
        using var plot = PlotImage.Bare();
        for (var row = 0; row < figures.Count; row++)
        {
            if (figures[row] is not { } figure)
                continue;
            var colour = Color.FromHex(PlotColours.Of(row + 1));
            if (figure.Interval is { } interval)
            {
                var bar = plot.Add.Line(interval.Low, -row, interval.High, -row);
                (bar.Color, bar.LineWidth) = (colour, 2);
            }
            plot.Add.Marker(figure.Value, -row, MarkerShape.FilledCircle, 6, colour);
        }
        var (low, high) = Ends(figures);
        plot.Axes.SetLimits(low - Margin * (high - low), high + Margin * (high - low), 0.5 - figures.Count, 0.5);
        return PlotImage.Html(plot, Width, RowHeight * figures.Count);
    }

    static (double Low, double High) Ends(IReadOnlyList<Figure?> figures)
    {
        double[] ends =
        [
            .. figures.OfType<Figure>().SelectMany(f => new[] { f.Value, f.Interval?.Low ?? f.Value, f.Interval?.High ?? f.Value }),
        ];
        var (low, high) = (ends.Min(), ends.Max());
        return high > low ? (low, high) : (low - 1, high + 1);
    }
}
