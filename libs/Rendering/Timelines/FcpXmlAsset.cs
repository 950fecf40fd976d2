using System.Globalization;
using System.Xml.Linq;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>A file among the resources of an FCPXML file.</summary>
/// <param name="Address">Empty if it is not told.</param>
/// <param name="Rates">What its times are counted in: its samples if it has no picture, else the frames of the sequence.</param>
sealed record FcpXmlAsset(string Name, string Address, bool HasPicture, FrameRate[] Rates)
{
    /// <summary>Its first moment, by its own clock; null if it is not told.</summary>
    public TimelineTime? Start { get; private init; }

    public TimelineTime? Duration { get; private init; }

    public TimelineRange? Whole => Start is { } start && Duration is { } duration ? new(start, duration) : null;

    public static FcpXmlAsset Of(XElement asset, FrameRate frames)
    {
        var hasPicture = asset.Text("hasVideo") == "1";
        FrameRate[] rates = !hasPicture && SamplesOf(asset.Text("audioRate")) is { } samples ? [samples, frames] : [frames];
        return new(asset.Text("name"), (asset.Element("media-rep") ?? asset).Text("src"), hasPicture, rates)
        {
            Start = asset.Time("start", rates),
            Duration = asset.Time("duration", rates),
        };
    }

    /// <summary>Such as 48000; some programs write 48k.</summary>
    static FrameRate? SamplesOf(string text) =>
        double.TryParse(text.TrimEnd('k'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && (text.EndsWith('k') ? 1000 * number : number) is >= 1000 and <= 1e6 and var perSecond
            ? new((int)Math.Round(perSecond), 1) : null;
}
