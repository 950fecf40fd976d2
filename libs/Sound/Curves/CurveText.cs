using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Reads and writes times, levels and numbers in the user's notation: 1.2s, 300ms, -12dB.</summary>
static class CurveText
{
    public static string Seconds(double seconds) => Number(seconds) + "s";

    /// <summary>Always with a sign, because it is a change.</summary>
    public static string Change(double seconds) => seconds < 0 ? Seconds(seconds) : "+" + Seconds(seconds);

    public static string Decibels(double decibels) => (decibels < 0 ? "" : "+") + Number(decibels) + "dB";

    /// <summary>Round-trips exactly.</summary>
    public static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads "1.2s", "300ms" or plain seconds.</summary>
    public static double ParseSeconds(string field, string text) =>
        text.EndsWith("ms", StringComparison.Ordinal) ? ParseNumber(field, text[..^2], text) / 1000
        : ParseNumber(field, text.EndsWith('s') ? text[..^1] : text, text);

    /// <summary>Reads "-12dB" or "-12".</summary>
    public static double ParseDecibels(string field, string text) =>
        ParseNumber(field, text.EndsWith("dB", StringComparison.OrdinalIgnoreCase) ? text[..^2].TrimEnd() : text, text);

    public static double ParseNumber(string field, string text) => ParseNumber(field, text, text);

    /// <summary>Reads "1.2s..2s".</summary>
    public static TimeRange ParseRange(string field, string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots > 0
            ? new(ParseSeconds(field, text[..dots]), ParseSeconds(field, text[(dots + 2)..]))
            : throw InputFault.Invalid(field, $"must name a range such as 1.2s..2s, but is '{text}'");
    }

    static double ParseNumber(string field, string text, string whole) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw InputFault.Invalid(field, $"'{Shorten(whole)}' cannot be read: times are written 1.2s or 300ms, levels -12dB");

    static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
