using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>
/// Writes FCPXML 1.9, which Final Cut Pro and Resolve read. All clips are connected to one gap, each track in a lane of its own: pictures
/// above it, sound below it, with its gain and fades. Tracks that are not heard are disabled.
/// </summary>
static class FcpXmlWriter
{
    const string Version = "1.9";

    /// <param name="address">The address of the file of a clip.</param>
    public static string Write(Timeline timeline, Func<TimelineClip, string> address)
    {
        var assets = new Assets(timeline, address);
        var spine = new XElement("spine");
        var duration = timeline.Tracks.SelectMany(track => track.Clips).Select(clip => clip.OnTrack.End.In(timeline.Rate))
            .Select(end => end.Value).DefaultIfEmpty(0).Max();
        // One gap holds everything, so that nothing moves when a clip of the spine is cut.
        var gap = new XElement("gap",
            new XAttribute("name", "timeline"), Timed("offset", Origin()), Timed("start", Origin()),
            Timed("duration", new(duration, timeline.Rate)));
        var lane = 0;
        foreach (var track in timeline.Tracks.Where(track => track.Kind == TimelineKind.Video))
            Add(track, ++lane);
        lane = 0;
        foreach (var track in timeline.Tracks.Where(track => track.Kind == TimelineKind.Audio))
            Add(track, --lane);
        foreach (var marker in timeline.Markers)
            gap.Add(Marker(marker, Origin().Plus(marker.Range.Start), timeline.Rate));
        spine.Add(gap);
        var document = new XDocument(
            new XDocumentType("fcpxml", null, null, null),
            new XElement("fcpxml", new XAttribute("version", Version),
                new XElement("resources", assets.Format, assets.All),
                new XElement("library", new XElement("event", new XAttribute("name", Printable(timeline.Name)),
                    new XElement("project", new XAttribute("name", Printable(timeline.Name)),
                        new XElement("sequence",
                            new XAttribute("format", Assets.FormatId), Timed("duration", new(duration, timeline.Rate)),
                            Timed("tcStart", Origin()),
                            new XAttribute("tcFormat", timeline.Start.IsDropFrame ? "DF" : "NDF"), spine))))));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document.ToString().ReplaceLineEndings("\n")}\n";

        TimelineTime Origin() => new(timeline.Start.Frame, timeline.Rate);

        void Add(TimelineTrack track, int number)
        {
            foreach (var clip in track.Clips)
                gap.Add(Clip(clip, track, number));
        }

        XElement Clip(TimelineClip clip, TimelineTrack track, int number)
        {
            var element = new XElement("asset-clip",
                new XAttribute("ref", assets.IdOf(clip)), new XAttribute("lane", number), new XAttribute("name", Printable(clip.Name)),
                Timed("offset", Origin().Plus(clip.At)), Timed("start", clip.Source.Start),
                Timed("duration", clip.Source.Duration));
            if (!track.IsEnabled)
                element.Add(new XAttribute("enabled", 0));
            if (track.Kind == TimelineKind.Audio)
                element.Add(new XAttribute("audioRole", $"effects.{Role(track.Name)}"));
            if (clip.Comment.Length > 0)
                element.Add(new XElement("note", Printable(clip.Comment)));
            if (clip.Speed != 1)
                element.Add(new XElement("timeMap",
                    new XElement("timept", new XAttribute("time", "0s"), new XAttribute("value", "0s"), new XAttribute("interp", "linear")),
                    new XElement("timept",
                        Timed("time", clip.Source.Duration), new XAttribute("interp", "linear"),
                        InSeconds("value", clip.Source.Duration.Seconds * clip.Speed))));
            if (track.Kind == TimelineKind.Audio && (clip.GainDecibels != 0 || clip.FadeInSeconds > 0 || clip.FadeOutSeconds > 0))
                element.Add(Volume(clip));
            element.Add(clip.Markers.Select(marker => Marker(marker, marker.Range.Start, timeline.Rate)));
            return element;
        }
    }

    static XElement Volume(TimelineClip clip)
    {
        var fades = new XElement("param", new XAttribute("name", "amount"));
        if (clip.FadeInSeconds > 0)
            fades.Add(new XElement("fadeIn", new XAttribute("type", "easeOut"), InSeconds("duration", clip.FadeInSeconds)));
        if (clip.FadeOutSeconds > 0)
            fades.Add(new XElement("fadeOut", new XAttribute("type", "easeIn"), InSeconds("duration", clip.FadeOutSeconds)));
        return new("adjust-volume",
            new XAttribute("amount", string.Create(CultureInfo.InvariantCulture, $"{clip.GainDecibels:0.###}dB")),
            fades.HasElements ? fades : null);
    }

    static XElement Marker(TimelineMarker marker, TimelineTime at, FrameRate rate)
    {
        var duration = marker.Range.Duration.Value > 0 ? marker.Range.Duration.In(rate) : new(1, rate);
        var element = new XElement("marker",
            Timed("start", at.In(rate)), Timed("duration", duration),
            new XAttribute("value", Printable(marker.Name)));
        if (marker.Comment.Length > 0)
            element.Add(new XAttribute("note", Printable(marker.Comment)));
        return element;
    }

    static XAttribute Timed(string name, TimelineTime time) => new(name, FcpXmlTime.Write(time));

    static XAttribute InSeconds(string name, double seconds) => new(name, FcpXmlTime.Write(seconds));

    static string Role(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-'));

    static string Printable(string text) => string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    /// <summary>The files of a timeline, each listed once.</summary>
    sealed class Assets
    {
        public const string FormatId = "r1";

        readonly Dictionary<string, (string Id, XElement Element)> known = [];

        public Assets(Timeline timeline, Func<TimelineClip, string> address)
        {
            Format = new("format",
                new XAttribute("id", FormatId),
                Timed("frameDuration", new(1, timeline.Rate)));
            foreach (var track in timeline.Tracks)
                foreach (var clip in track.Clips)
                    Add(clip, track.Kind, address);
        }

        public XElement Format { get; }

        public IEnumerable<XElement> All => known.Values.Select(asset => asset.Element);

        public string IdOf(TimelineClip clip) => known[KeyOf(clip)].Id;

        void Add(TimelineClip clip, TimelineKind kind, Func<TimelineClip, string> address)
        {
            var key = KeyOf(clip);
            if (known.TryGetValue(key, out var before))
            {
                if (kind == TimelineKind.Audio)
                    before.Element.SetAttributeValue("hasAudio", 1);
                return;
            }
            var whole = clip.Available ?? clip.Source;
            var id = $"r{known.Count + 2}";
            var element = new XElement("asset",
                new XAttribute("id", id), new XAttribute("name", Printable(clip.FileName ?? Path.GetFileName(key))),
                Timed("start", whole.Start), Timed("duration", whole.Duration));
            if (kind == TimelineKind.Video)
                element.Add(new XAttribute("hasVideo", 1), new XAttribute("format", FormatId));
            else
                element.Add(
                    new XAttribute("hasAudio", 1), new XAttribute("audioSources", 1),
                    new XAttribute("audioRate", whole.Duration.Rate.Denominator == 1 && whole.Duration.Rate.Numerator >= 8000
                        ? whole.Duration.Rate.Numerator : 48_000));
            element.Add(new XElement("media-rep",
                new XAttribute("kind", "original-media"), new XAttribute("src", clip.Media is null ? "" : address(clip))));
            known[key] = (id, element);
        }

        static string KeyOf(TimelineClip clip) => clip.Media ?? clip.Name;
    }
}
