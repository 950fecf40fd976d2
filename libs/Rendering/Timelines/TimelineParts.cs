using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Rendering.Timelines;

/// <summary>A part of a cut to make sound for.</summary>
/// <param name="Prompt">What to hear.</param>
/// <param name="Clip">The clip that shows it.</param>
/// <param name="Source">The frames, on the clock of the clip's file.</param>
/// <param name="At">From the start of the timeline.</param>
public sealed record TimelinePart(string Prompt, TimelineClip Clip, TimelineRange Source, TimelineTime At);

/// <summary>
/// Finds the parts of a cut to make sound for. If ranges are marked, those; else each clip of the first track of pictures. The prompt is
/// that of the notes, a comment, a marker, or the name, whichever comes first.
/// </summary>
public static class TimelineParts
{
    const string Field = "timeline";

    /// <exception cref="InputFault">There is no picture, a marked range leaves its clip, or a part has no words.</exception>
    public static IReadOnlyList<TimelinePart> Of(Timeline timeline)
    {
        var track = timeline.Tracks.FirstOrDefault(track => track is { Kind: TimelineKind.Video, IsEnabled: true, Clips.Count: > 0 })
            ?? throw InputFault.Invalid(Field, "has no track of pictures with a clip");
        List<TimelinePart> parts =
        [
            .. track.Clips.SelectMany(clip =>
                Ranges(clip.Markers).Where(marker => IsShown(clip, marker)).Select(marker => OfClip(clip, marker))),
            .. Ranges(timeline.Markers).Concat(Ranges(track.Markers)).Select(marker => OfTrack(track, marker)),
        ];
        if (parts.Count == 0)
            parts = [.. track.Clips.Select(clip => new TimelinePart(PromptOf(clip), clip, clip.Source, clip.At))];
        foreach (var part in parts)
            ThrowUnlessMade(part);
        return [.. parts.OrderBy(part => part.At.Seconds)];
    }

    static IEnumerable<TimelineMarker> Ranges(IReadOnlyList<TimelineMarker> markers) => markers.Where(marker => IsRange(marker));

    /// <summary>A marker of one frame marks a moment: editors cannot draw shorter ones.</summary>
    static bool IsRange(TimelineMarker marker) => marker.Range.Duration.Value > 1;

    /// <summary>A clip keeps the markers of frames that are trimmed off.</summary>
    static bool IsShown(TimelineClip clip, TimelineMarker marker) =>
        marker.Range.End.CompareTo(clip.Source.Start) > 0 && marker.Range.Start.CompareTo(clip.Source.End) < 0;

    static TimelinePart OfClip(TimelineClip clip, TimelineMarker marker)
    {
        var isInside = marker.Range.Start.CompareTo(clip.Source.Start) >= 0 && marker.Range.End.CompareTo(clip.Source.End) <= 0;
        var before = marker.Range.Start.Minus(clip.Source.Start);
        return Inside(clip, marker, isInside) with { Source = marker.Range, At = clip.At.Plus(before) };
    }

    static TimelinePart OfTrack(TimelineTrack track, TimelineMarker marker)
    {
        var clip = track.Clips.FirstOrDefault(clip =>
            marker.Range.Start.CompareTo(clip.At) >= 0 && marker.Range.Start.CompareTo(clip.OnTrack.End) < 0)
            ?? throw InputFault.Invalid(Field, $"the marked range '{marker.Name}' begins where no clip is");
        return Inside(clip, marker, marker.Range.End.CompareTo(clip.OnTrack.End) <= 0) with
        {
            Source = new(clip.Source.Start.Plus(marker.Range.Start.Minus(clip.At)), marker.Range.Duration),
            At = marker.Range.Start,
        };
    }

    static TimelinePart Inside(TimelineClip clip, TimelineMarker marker, bool isInside) => isInside
        ? new(Words(marker) is { Length: > 0 } words ? words : PromptOf(clip), clip, clip.Source, clip.At)
        : throw InputFault.Invalid(Field, $"the marked range '{marker.Name}' must lie within the clip '{clip.Name}'");

    static string PromptOf(TimelineClip clip) =>
        ((string[])[NoteOf(clip), clip.Comment, .. clip.Markers.Select(Words), Spoken(clip.Name)])
            .FirstOrDefault(words => words.Any(char.IsLetter), "");

    static string NoteOf(TimelineClip clip) =>
        clip.Notes?["prompt"]?.GetValueKind() == JsonValueKind.String ? clip.Notes["prompt"]!.GetValue<string>() : "";

    static string Words(TimelineMarker marker) => marker.Comment.Length > 0 ? marker.Comment : marker.Name;

    /// <summary>A file's name as words: "heavy_rain-03.mov" is "heavy rain".</summary>
    static string Spoken(string name)
    {
        var stem = Path.GetExtension(name) is { Length: > 1 and <= 5 } ? Path.GetFileNameWithoutExtension(name) : name;
        return string.Join(' ', stem.Split(['_', '-', '.', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.All(char.IsAsciiDigit)));
    }

    static void ThrowUnlessMade(TimelinePart part)
    {
        if (part.Clip.Media is null)
            throw InputFault.Invalid(Field, $"the clip '{part.Clip.Name}' names no file");
        if (part.Clip.Speed != 1)
            throw InputFault.Invalid(Field, FormattableString.Invariant(
                $"the clip '{part.Clip.Name}' plays at {part.Clip.Speed} times its speed; render it at that speed first"));
        if (part.Prompt.Length == 0)
            throw InputFault.Invalid(Field, $"the clip '{part.Clip.Name}' needs words: a note, a comment, a marker or a name");
    }
}
