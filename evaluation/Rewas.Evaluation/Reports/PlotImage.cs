using ScottPlot;

namespace Rewas.Evaluation.Reports;

/// <summary>Draws plots as images that are embedded in a page.</summary>
static class PlotImage
{
    const int PixelsPerPoint = 2;                                            // sharp on dense screens

    /// <summary>A plot without axes, on the page's own background.</summary>
    public static Plot Bare()
    {
        var plot = new Plot();
        plot.Layout.Frameless();
        plot.HideGrid();
        (plot.FigureBackground.Color, plot.DataBackground.Color) = (Colors.Transparent, Colors.Transparent);
        return plot;
    }

    /// <summary>A PNG. ScottPlot's SVG numbers its parts per process, so that two reports of the same clips would differ.</summary>
    public static string Html(Plot plot, int width, int height)
    {
        plot.ScaleFactor = PixelsPerPoint;
        var png = Convert.ToBase64String(plot.GetImageBytes(PixelsPerPoint * width, PixelsPerPoint * height, ImageFormat.Png));
        return $"<img alt=\"\" width=\"{width}\" height=\"{height}\" src=\"data:image/png;base64,{png}\">";
    }
}
