using System.Globalization;
using System.Text;
using Rewas.Clip.Faults;

namespace Rewas.Rendering.Timelines;

/// <summary>
/// Writes an edit decision list in CMX 3600 form. It holds one track of pictures and four of sound, on whole frames. Other tracks, and
/// those that are not heard, are left out.
/// </summary>
static class EdlWriter
{
    const int MostSoundTracks = 4, MostEvents = 999_999, ReelCharacters = 8;

    /// <param name="byName">True if files are named without their folders.</param>
    /// <exception cref="InputFault">Two clips of pictures lie on different tracks, or there are too many events.</exception>
    public static string Write(Timeline timeline, bool byName = false)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"TITLE: {Line(timeline.Name)}\n");
        text.Append(timeline.Start.IsDropFrame ? "FCM: DROP FRAME\n" : "FCM: NON-DROP FRAME\n");
        var (pictures, sounds) = (Tracks(TimelineKind.Video), Tracks(TimelineKind.Audio));
        if (pictures.Count > 1)
            throw InputFault.Invalid(
                "timeline", $"an .edl holds one track of pictures, but there are {pictures.Count}; an .otio holds more");
        var events = pictures.SelectMany(track => track.Clips.Select(clip => ("V", clip)))
            .Concat(sounds.Take(MostSoundTracks).SelectMany((track, i) => track.Clips.Select(clip => (i == 0 ? "A" : $"A{i + 1}", clip))))
            .ToList();
        if (events.Count > MostEvents)
            throw InputFault.Exhausted("timeline", $"an .edl must have at most {MostEvents} events, but has {events.Count}");
        foreach (var ((channel, clip), number) in events.Select((one, i) => (one, i + 1)))
            Event(text, timeline, channel, clip, number, byName);
        foreach (var marker in timeline.Markers)
            text.Append(Locator(timeline, marker, marker.Range.Start));
        return text.ToString();

        List<TimelineTrack> Tracks(TimelineKind kind) =>
            [.. timeline.Tracks.Where(track => track.Kind == kind && track.IsEnabled && track.Clips.Count > 0)];
    }

    static void Event(StringBuilder text, Timeline timeline, string channel, TimelineClip clip, int number, bool byName)
    {
        var (from, to) = (clip.At.In(timeline.Rate), clip.OnTrack.End.In(timeline.Rate));
        var source = clip.Source.Start.In(timeline.Rate);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{number:000}  {Reel(clip),-8} {channel,-5} C        "
            + $"{SourceCode(source.Value)} {SourceCode(source.Value + to.Value - from.Value)} {Code(from.Value)} {Code(to.Value)}\n");
        if (clip.Speed != 1)
            text.Append(
                CultureInfo.InvariantCulture,
                $"M2   {Reel(clip),-8} {timeline.Rate.PerSecond * clip.Speed:000.0}                {SourceCode(source.Value)}\n");
        text.Append(CultureInfo.InvariantCulture, $"* FROM CLIP NAME: {Line(clip.Name)}\n");
        if (clip.Media is { } media)
            text.Append(
                CultureInfo.InvariantCulture, $"* SOURCE FILE: {Line(byName ? clip.FileName ?? Path.GetFileName(media) : media)}\n");
        if (clip.GainDecibels != 0)
            text.Append(CultureInfo.InvariantCulture, $"* AUDIO LEVEL: {clip.GainDecibels:0.00} DB\n");
        if (clip.Comment.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"* COMMENT: {Line(clip.Comment)}\n");
        foreach (var marker in clip.Markers)
            text.Append(Locator(timeline, marker, clip.At.Plus(marker.Range.Start.Minus(clip.Source.Start))));

        string Code(long frame) => timeline.Start.Plus(frame).ToString();

        // The clock of a source has the rate of the list, and begins at midnight.
        string SourceCode(long frame) => (timeline.Start with { Frame = 0 }).Plus(frame).ToString();
    }

    static string Locator(Timeline timeline, TimelineMarker marker, TimelineTime at)
    {
        var words = marker.Comment.Length > 0 ? $"{marker.Name} {marker.Comment}" : marker.Name;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"* LOC: {timeline.Start.Plus(at.In(timeline.Rate).Value)} "
            + $"{(marker.Colour.Length > 0 ? marker.Colour : "RED"),-7} {Line(words)}\n");
    }

    /// <summary>A tape has a name of eight letters and digits; files are named in a comment.</summary>
    static string Reel(TimelineClip clip)
    {
        var name = string.Concat(
            Path.GetFileNameWithoutExtension(clip.Media ?? clip.Name).ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));
        return name.Length == 0 ? "AX" : name.Length <= ReelCharacters ? name : name[..ReelCharacters];
    }

    static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
