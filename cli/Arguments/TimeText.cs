using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Arguments;

/// <summary>A length of time as users write it: 40m, 1.5h, 2400s.</summary>
static class TimeText
{
    /// <summary>Reads a time.</summary>
    /// <param name="field">Named in errors.</param>
    /// <param name="examples">Named in errors.</param>
    /// <returns>Seconds, of any range.</returns>
    /// <exception cref="InputFault">It is no time.</exception>
    public static double Seconds(string text, string field, string examples)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0 && double.TryParse(text.AsSpan(..^1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value * unit
            : throw InputFault.Invalid(
                field, $"must be a time such as {examples}, but is '{(text.Length <= 40 ? text : text[..40] + "...")}'");
    }
}
