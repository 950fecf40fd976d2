using System.Text.RegularExpressions;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>An event of an edit decision list, as text: the list does not say at which rate its timecode counts.</summary>
/// <param name="Channels">Such as "V", "A", "A2", "AA/V", "B".</param>
public sealed record EdlEvent(int Line, string Channels, string SourceIn, string SourceOut, string RecordIn, string RecordOut)
{
    /// <summary>Name of the clip, or of the reel.</summary>
    public string Name { get; set; } = "";

    /// <summary>Name or path of the file; empty if none is told.</summary>
    public string File { get; set; } = "";

    public string Comment { get; set; } = "";

    public bool IsDropFrame { get; init; }

    public List<(string At, string Colour, string Words)> Locators { get; } = [];

    public bool HasPicture => Channels.Contains('V', StringComparison.OrdinalIgnoreCase) || Channels is "B" or "b";

    /// <summary>What the file may be called, the best first.</summary>
    public IEnumerable<string> Names => ((string[])[File, Name]).Where(name => name.Length > 0);
}

/// <summary>Reads an edit decision list in CMX 3600 form. Effects other than cuts count as cuts.</summary>
public static partial class EdlReader
{
    const string Field = "timeline";
    const int MostEvents = 10_000, MostLineCharacters = 4096;
    const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    [GeneratedRegex(
        @"^\s*(?<number>\d{1,6})\s+(?<reel>\S+)\s+(?<channels>\S+)\s+(?<effect>\S+)\s+(?:\d+\s+)?"
        + @"(?<si>\d\d:\d\d:\d\d[:;.]\d\d)\s+(?<so>\d\d:\d\d:\d\d[:;.]\d\d)\s+"
        + @"(?<ri>\d\d:\d\d:\d\d[:;.]\d\d)\s+(?<ro>\d\d:\d\d:\d\d[:;.]\d\d)",
        Options,
        1000)]
    static partial Regex EventLine { get; }

    [GeneratedRegex(@"AA|A(?<n>\d?)", Options, 1000)]
    static partial Regex SoundChannel { get; }

    [GeneratedRegex(@"^\*?\s*LOC:\s*(?<at>\d\d:\d\d:\d\d[:;.]\d\d)\s+(?<colour>[A-Z]+)?\s*(?<words>.*)$", Options, 1000)]
    static partial Regex LocatorLine { get; }

    [GeneratedRegex(@"^\*?\s*(?<key>FROM CLIP NAME|SOURCE FILE|FROM FILE|COMMENT|NOTE)\s*:\s*(?<text>.*)$", Options, 1000)]
    static partial Regex CommentLine { get; }

    /// <summary>The title and the events of a list.</summary>
    /// <exception cref="InputFault">It holds no event, or too many.</exception>
    public static (string Title, IReadOnlyList<EdlEvent> Events) Parse(string text)
    {
        var (title, events, drops) = ("", new List<EdlEvent>(), false);
        foreach (var (line, number) in text.Split('\n').Select((line, i) => (line.Trim('\r', ' ', '\t'), i + 1)))
        {
            if (line.Length > MostLineCharacters)
                throw InputFault.Exhausted(
                    Field, $"line {number} must have at most {MostLineCharacters} characters, but has {line.Length}");
            if (line.StartsWith("TITLE:", StringComparison.OrdinalIgnoreCase))
                title = line[6..].Trim();
            else if (line.StartsWith("FCM:", StringComparison.OrdinalIgnoreCase))
                drops = !line.Contains("NON", StringComparison.OrdinalIgnoreCase);
            else if (EventLine.Match(line) is { Success: true } found)
                events.Add(new(
                    number, found.Groups["channels"].Value, found.Groups["si"].Value, found.Groups["so"].Value,
                    found.Groups["ri"].Value, found.Groups["ro"].Value)
                {
                    Name = found.Groups["reel"].Value,
                    IsDropFrame = drops,
                });
            else if (events.Count > 0)
                Note(events[^1], line);
            if (events.Count > MostEvents)
                throw InputFault.Exhausted(Field, $"must have at most {MostEvents} events, but has more");
        }
        return events.Count > 0 ? (title, events) : throw InputFault.Invalid(Field, "holds no event of an edit decision list");
    }

    /// <summary>The cut that events describe at a rate.</summary>
    /// <exception cref="InputFault">A timecode does not exist at this rate, or an event does not end after its start.</exception>
    public static Timeline ToTimeline(string title, IReadOnlyList<EdlEvent> events, FrameRate rate)
    {
        var drops = events.Any(one => one.IsDropFrame || one.RecordIn.AsSpan().ContainsAny(';', '.'));
        if (drops && !rate.MayDrop)
            throw InputFault.Invalid(Field, $"its timecode drops frames, which {rate} frames a second do not");
        // A list begins where its first event does; an hour is a usual start.
        var start = events.Select(one => Frame(one, one.RecordIn)).Min();
        var tracks = events.SelectMany(Channels).GroupBy(one => one.Track).OrderBy(group => group.Key.Length == 0 ? -1 : 0)
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => TimelineLanes.Of(
                group.Key.Length == 0 ? "V" : $"A{group.Key}", group.Key.Length == 0 ? TimelineKind.Video : TimelineKind.Audio,
                [.. group.Select(one => Clip(one.Event))]));
        return new(title, new(start, rate, drops)) { Tracks = [.. tracks] };

        TimelineClip Clip(EdlEvent one)
        {
            var (from, to, source) = (Frame(one, one.RecordIn), Frame(one, one.RecordOut), Frame(one, one.SourceIn));
            if (to <= from)
                throw InputFault.Invalid(Field, $"line {one.Line} must end after {one.RecordIn}, but ends at {one.RecordOut}");
            return new()
            {
                Name = one.Name,
                Media = one.Names.First(),
                Source = new(new(source, rate), new(to - from, rate)),
                At = new(from - start, rate),
                Comment = one.Comment,
                Markers = [.. one.Locators.Select(locator => new TimelineMarker(
                    locator.Words, new(new(source + Frame(one, locator.At) - from, rate), new(0, rate)), locator.Colour))],
            };
        }

        long Frame(EdlEvent one, string text) =>
            // A list may write ":" although it says that it drops frames.
            (Timecode.Parse(drops ? $"{text[..8]};{text[9..]}" : text, rate)
                ?? throw InputFault.Invalid(Field, $"line {one.Line}: '{text}' is no timecode at {rate} frames a second")).Frame;
    }

    /// <summary>The tracks of an event: empty for pictures, else the number of a sound track.</summary>
    static IEnumerable<(string Track, EdlEvent Event)> Channels(EdlEvent one)
    {
        if (one.HasPicture)
            yield return ("", one);
        if (one.Channels.Equals("B", StringComparison.OrdinalIgnoreCase))
            yield return ("1", one);
        foreach (Match sound in SoundChannel.Matches(one.Channels))
        {
            yield return (sound.Groups["n"] is { Success: true, Length: > 0 } number ? number.Value : "1", one);
            if (sound.Value.Equals("AA", StringComparison.OrdinalIgnoreCase))
                yield return ("2", one);
        }
    }

    static void Note(EdlEvent one, string line)
    {
        if (LocatorLine.Match(line) is { Success: true } locator)
            one.Locators.Add((
                locator.Groups["at"].Value, locator.Groups["colour"].Value.ToUpperInvariant(), locator.Groups["words"].Value.Trim()));
        else if (CommentLine.Match(line) is { Success: true } comment)
            switch (comment.Groups["key"].Value.ToUpperInvariant())
            {
                case "FROM CLIP NAME":
                    one.Name = comment.Groups["text"].Value.Trim();
                    break;
                case "SOURCE FILE" or "FROM FILE":
                    one.File = comment.Groups["text"].Value.Trim();
                    break;
                default:
                    one.Comment = comment.Groups["text"].Value.Trim();
                    break;
            }
    }
}
