using System.Globalization;
using System.Xml.Linq;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>What the elements of FCPXML say, each by itself.</summary>
static class FcpXmlElements
{
    const double MostDecibels = 1000, LongestFade = 24 * 3600;

    /// <summary>An attribute; empty if it is absent.</summary>
    public static string Text(this XElement item, string name) => item.Attribute(name)?.Value ?? "";

    /// <exception cref="InputFault">The attribute is there, but is no time.</exception>
    public static TimelineTime? Time(this XElement item, string name, params ReadOnlySpan<FrameRate> rates) =>
        item.Attribute(name)?.Value is { } text ? FcpXmlTime.Read(text, rates) : null;

    /// <exception cref="InputFault">The attribute is no whole number.</exception>
    public static int Lane(this XElement item) =>
        int.TryParse(item.Text("lane"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lane) && lane != int.MinValue
            ? lane : throw InputFault.Invalid("timeline", $"'{item.Text("name")}' must have a whole number as lane");

    /// <summary>The markers of an element.</summary>
    /// <param name="shift">From the clock of the element to that of the markers.</param>
    public static IEnumerable<TimelineMarker> Markers(this XElement item, TimelineTime shift, FrameRate rate) =>
        item.Elements("marker").Select(marker =>
        {
            var (start, duration) = (marker.Time("start", rate), marker.Time("duration", rate));
            // There is no shorter marker than one of a frame, so that one marks a moment.
            var isRange = duration is { } known && known != new TimelineTime(1, rate);
            return new TimelineMarker(
                marker.Text("value"), new((start ?? new(0, rate)).Plus(shift), isRange ? duration!.Value : new(0, rate)),
                Comment: marker.Text("note"));
        });

    /// <summary>Gain in dB, and lengths of the fades in seconds.</summary>
    public static (double Gain, double FadeIn, double FadeOut) Levels(this XElement item)
    {
        if (item.Element("adjust-volume") is not { } volume)
            return default;
        var amount = volume.Text("amount");
        var gain = amount.EndsWith("dB", StringComparison.Ordinal)
            && double.TryParse(amount[..^2], NumberStyles.Float, CultureInfo.InvariantCulture, out var decibels)
            && Math.Abs(decibels) <= MostDecibels ? decibels : 0;
        return (gain, Fade("fadeIn"), Fade("fadeOut"));

        double Fade(string name) => volume.Descendants(name).FirstOrDefault()?.Time("duration") is { } duration
            ? Math.Clamp(duration.Seconds, 0, LongestFade) : 0;
    }

    /// <summary>The speed of a clip; if it changes, the first one that is not 1.</summary>
    public static double Speed(this XElement item)
    {
        if (item.Element("timeMap") is not { } map)
            return 1;
        var points = map.Elements("timept")
            .Select(point => (At: point.Time("time")?.Seconds ?? 0, Value: point.Time("value")?.Seconds ?? 0)).ToList();
        return points.Zip(points.Skip(1), (one, next) =>
                next.At > one.At ? Math.Round((next.Value - one.Value) / (next.At - one.At), 4) : 0)
            .Where(speed => speed != 1).DefaultIfEmpty(1).First();
    }
}
