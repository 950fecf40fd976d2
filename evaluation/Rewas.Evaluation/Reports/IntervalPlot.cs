using System.Globalization;
using System.Text;

namespace Rewas.Evaluation;

/// <summary>A figure of several systems on one line: a dot, and a bar for its interval.</summary>
static class IntervalPlot
{
    const int Width = 200, RowHeight = 12, Margin = 6;

    public static string Svg(IReadOnlyList<Figure?> figures)
    {
        double[] ends =
        [
            .. figures.OfType<Figure>().SelectMany(f => new[] { f.Value, f.Interval?.Low ?? f.Value, f.Interval?.High ?? f.Value }),
        ];
        var (low, high) = (ends.Min(), ends.Max());
        var svg = new StringBuilder($"<svg width=\"{Width}\" height=\"{RowHeight * figures.Count}\" role=\"img\">");
        for (var row = 0; row < figures.Count; row++)
        {
            if (figures[row] is not { } figure)
                continue;
            var (y, colour) = (RowHeight * row + RowHeight / 2, PlotColours.Of(row + 1));
            if (figure.Interval is var (least, most))
                svg.Append($"<line x1=\"{At(least)}\" x2=\"{At(most)}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            svg.Append($"<circle cx=\"{At(figure.Value)}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>");
        }
        return svg.Append("</svg>").ToString();

        string At(double value) =>
            (Margin + (high > low ? (value - low) / (high - low) : 0.5) * (Width - 2 * Margin))
                .ToString("0.0", CultureInfo.InvariantCulture);
    }
}
