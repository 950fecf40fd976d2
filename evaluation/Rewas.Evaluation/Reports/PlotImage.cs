using System.Text;
using ScottPlot;

namespace Rewas.Evaluation;

/// <summary>Plots as images inside a page that needs no other file.</summary>
static class PlotImage
{
    /// <summary>A plot without axes, on the page's own background.</summary>
    public static Plot Bare()
    {
        var plot = new Plot();
        plot.Layout.Frameless();
        plot.HideGrid();
        (plot.FigureBackground.Color, plot.DataBackground.Color) = (Colors.Transparent, Colors.Transparent);
        return plot;
    }

    /// <summary>An SVG in a data address: the ids inside it do not meet those of another plot of the page.</summary>
    public static string Html(Plot plot, int width, int height) =>
        $"<img alt=\"\" width=\"{width}\" height=\"{height}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(plot.GetSvgXml(width, height)))}\">";
}
