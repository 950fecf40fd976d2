using System.Globalization;
using Rewas.Evaluation.Figures;

namespace Rewas.Evaluation.Reports;

/// <summary>Figures as culture-independent text.</summary>
static class FigureText
{
    public static string Label(Figure kind) =>
        (kind.Name + (kind.Better switch { Better.Lower => " ↓", Better.Higher => " ↑", _ => "" }), kind.Network) switch
        {
            (var name, null) => name,
            var (name, network) => $"{name}, {network}",
        };

    /// <summary>"3.920 (3.512 to 4.381)", or a dash without a figure.</summary>
    public static string Value(Figure? figure) => figure is null ? "–"
        : figure.Interval is var (low, high) ? $"{Number(figure.Value)} ({Number(low)} to {Number(high)})"
        : Number(figure.Value);

    public static string Number(double value) => Math.Abs(value) is > 0 and < 0.001
        ? value.ToString("0.0e+0", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) < 100 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}
