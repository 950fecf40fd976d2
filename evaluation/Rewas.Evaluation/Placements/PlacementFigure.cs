using System.Globalization;
using Rewas.Evaluation.Statistics;

namespace Rewas.Evaluation.Placements;

/// <summary>A measured figure of placed recordings.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Count">Number of measured things, in words.</param>
/// <param name="Value">In the unit of the name.</param>
/// <param name="Asked">In words: at least or at most what. Null for a figure that says more about another.</param>
/// <param name="Reached">Whether the value is as asked. Null if nothing is asked.</param>
public sealed record PlacementFigure(string Name, string Count, double Value, Interval Interval, string? Asked, bool? Reached)
{
    public static PlacementFigure AtLeast(string name, string count, double value, Interval interval, double least) =>
        new(name, count, value, interval, string.Create(CultureInfo.InvariantCulture, $"at least {least:0.###}"), value >= least);

    public static PlacementFigure AtMost(string name, string count, double value, Interval interval, double most) =>
        new(name, count, value, interval, string.Create(CultureInfo.InvariantCulture, $"at most {most:0.###}"), value <= most);

    public static PlacementFigure Plain(string name, string count, double value, Interval interval) =>
        new(name, count, value, interval, null, null);
}
