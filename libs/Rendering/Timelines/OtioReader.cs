using System.Text.Json;
using System.Text.Json.Nodes;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>Reads OpenTimelineIO JSON, whoever wrote it. What is not understood stays in the JSON, to which tracks can be added.</summary>
public sealed class OtioReader
{
    const string Field = "timeline", Default = "DEFAULT_MEDIA";
    const int MostClips = 10_000, MostDepth = 128;

    readonly JsonObject json;
    readonly Func<string, string?> pathOf;
    int clips;

    OtioReader(JsonObject json, Func<string, string?> pathOf) => (this.json, this.pathOf) = (json, pathOf);

    /// <param name="text">JSON.</param>
    /// <param name="folder">Folder of the file, for relative addresses.</param>
    /// <exception cref="InputFault">It is no timeline, or holds what is not read.</exception>
    public static (Timeline Timeline, JsonObject Json) Read(string text, string folder)
    {
        try
        {
            var node = JsonNode.Parse(text, documentOptions: new() { MaxDepth = MostDepth, AllowDuplicateProperties = false });
            var json = node as JsonObject ?? throw Wrong("must be a JSON object");
            return (new OtioReader(json, address => MediaAddress.PathOf(address, folder)).Timeline(), json);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or ArgumentException
            or OverflowException)
        {
            throw InputFault.Invalid(Field, $"is not OpenTimelineIO: {failure.Message.Split('\n')[0]}", failure);
        }
    }

    /// <summary>Adds tracks to the JSON of a timeline, above those that it has.</summary>
    /// <param name="folder">Folder in which it will be written.</param>
    public static string WithTracks(JsonObject json, IEnumerable<TimelineTrack> tracks, string folder)
    {
        var grown = (JsonObject)json.DeepClone();
        foreach (var track in tracks)
            grown["tracks"]!["children"]!.AsArray().Add(
                (JsonNode)OtioWriter.Track(track, clip => MediaAddress.Of(clip, folder)));
        return OtioWriter.Text(grown);
    }

    Timeline Timeline()
    {
        if (SchemaOf(json) != "Timeline")
            throw Wrong($"must be a Timeline, but is '{Text(json, "OTIO_SCHEMA")}'");
        var stack = json["tracks"] as JsonObject ?? throw Wrong("has no tracks");
        TimelineTrack[] tracks = [.. Children(stack).Select(Track)];
        var start = json["global_start_time"] is JsonObject global ? Time(global) : (TimelineTime?)null;
        var rate = start?.Rate ?? tracks.SelectMany(track => track.Clips).Select(clip => clip.Source.Duration.Rate)
            .Cast<FrameRate?>().FirstOrDefault() ?? new(24, 1);
        return new(Text(json, "name"), new(start?.Value ?? 0, rate, Drops(rate)))
        {
            Tracks = tracks,
            Markers = Markers(stack),
            Notes = NotesOf(json),
        };
    }

    /// <summary>OpenTimelineIO does not say whether timecode drops frames. Our own notes do.</summary>
    bool Drops(FrameRate rate) => rate.MayDrop && NotesOf(json)?["drop_frame"] is JsonValue said && said.GetValue<bool>();

    TimelineTrack Track(JsonObject track)
    {
        if (SchemaOf(track) != "Track")
            throw Wrong($"must have tracks alone in its stack, but '{Text(track, "name")}' is a {SchemaOf(track)}; flatten it first");
        var (found, at) = (new List<TimelineClip>(), (TimelineTime?)null);
        foreach (var child in Children(track))
        {
            if (SchemaOf(child) == "Transition")
                continue;                                                    // it takes no time of its own
            var duration = SchemaOf(child) switch
            {
                "Clip" => SourceOf(child).Duration,
                "Gap" or "Filler" => SourceOf(child).Duration,
                var other => throw Wrong(
                    $"must have clips and gaps alone on its tracks, but '{Text(child, "name")}' is a {other}; flatten it first"),
            };
            if (duration.Value < 0)
                throw Wrong($"'{Text(child, "name")}' must not have a negative duration");
            var start = at ?? duration with { Value = 0 };
            if (SchemaOf(child) == "Clip")
                found.Add(Clip(child, start));
            at = start.Plus(duration);
        }
        return new(Text(track, "name"), Text(track, "kind") == "Audio" ? TimelineKind.Audio : TimelineKind.Video, found)
        {
            IsEnabled = track["enabled"]?.GetValue<bool>() ?? true,
            Markers = Markers(track),
        };
    }

    TimelineClip Clip(JsonObject clip, TimelineTime at)
    {
        if (++clips > MostClips)
            throw InputFault.Exhausted(Field, $"must have at most {MostClips} clips, but has more");
        var media = MediaOf(clip);
        var notes = NotesOf(clip);
        return new()
        {
            Name = Text(clip, "name"),
            Media = media is not null && Text(media, "target_url") is { Length: > 0 } address ? pathOf(address) ?? address : null,
            Available = media?["available_range"] is JsonObject available ? Range(available) : null,
            Source = SourceOf(clip),
            At = at,
            Markers = Markers(clip),
            Speed = (clip["effects"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(effect => SchemaOf(effect) == "LinearTimeWarp")
                ?["time_scalar"]?.GetValue<double>() ?? 1,
            GainDecibels = notes?["gain_db"]?.GetValue<double>() ?? 0,
            FadeInSeconds = notes?["fade_in_s"]?.GetValue<double>() ?? 0,
            FadeOutSeconds = notes?["fade_out_s"]?.GetValue<double>() ?? 0,
            Comment = notes is not null ? Text(notes, "comment") : "",
            Notes = notes,
        };
    }

    /// <summary>The part of a file, or its whole if the clip says nothing.</summary>
    static TimelineRange SourceOf(JsonObject item) => item["source_range"] is JsonObject range ? Range(range)
        : MediaOf(item)?["available_range"] is JsonObject available ? Range(available)
        : throw Wrong($"'{Text(item, "name")}' must have a source_range or an available_range");

    /// <summary>The active file of a clip, of version 1 or 2.</summary>
    static JsonObject? MediaOf(JsonObject clip)
    {
        var key = Text(clip, "active_media_reference_key") is { Length: > 0 } active ? active : Default;
        var media = (clip["media_references"] as JsonObject)?[key] as JsonObject ?? clip["media_reference"] as JsonObject;
        return media is null || SchemaOf(media) == "MissingReference" ? null : media;
    }

    static IReadOnlyList<TimelineMarker> Markers(JsonObject item) => [.. (item["markers"] as JsonArray ?? []).OfType<JsonObject>().Select(
        marker => new TimelineMarker(
            Text(marker, "name"), Range(marker["marked_range"] as JsonObject ?? throw Wrong("a marker must have a marked_range")),
            Text(marker, "color"), Text(marker, "comment")))];

    static TimelineRange Range(JsonObject range) => new(
        Time(range["start_time"] as JsonObject ?? throw Wrong("a TimeRange must have a start_time")),
        Time(range["duration"] as JsonObject ?? throw Wrong("a TimeRange must have a duration")));

    static TimelineTime Time(JsonObject time)
    {
        const double MostValue = 1e15, MostRate = 1e6;
        const int Parts = 1000;
        var (value, perSecond) = (Number(time, "value"), Number(time, "rate"));
        if (!(perSecond is >= 0.001 and <= MostRate) || !(Math.Abs(value) <= MostValue))
            throw Wrong(FormattableString.Invariant(
                $"a RationalTime must have a rate from 0.001 to {MostRate}, but is {value} at {perSecond}"));
        var rate = FrameRate.OfDecimal(perSecond);
        // Editors write parts of a frame where a sound begins between two frames.
        return Math.Abs(value - Math.Round(value)) < 1e-6
            ? new((long)Math.Round(value), rate)
            : new((long)Math.Round(value * Parts), new(rate.Numerator * Parts, rate.Denominator));
    }

    static double Number(JsonObject json, string name) => json[name]?.GetValueKind() == JsonValueKind.Number
        ? json[name]!.GetValue<double>() : throw Wrong($"a RationalTime must have a {name}");

    static JsonObject? NotesOf(JsonObject json) => json["metadata"]?[OtioWriter.Notes] as JsonObject;

    static IEnumerable<JsonObject> Children(JsonObject composition) =>
        (composition["children"] as JsonArray ?? throw Wrong($"'{Text(composition, "name")}' has no children")).OfType<JsonObject>();

    /// <summary>The kind of an object without its version.</summary>
    static string SchemaOf(JsonObject json) => Text(json, "OTIO_SCHEMA").Split('.')[0];

    static string Text(JsonObject json, string name) =>
        json[name]?.GetValueKind() == JsonValueKind.String ? json[name]!.GetValue<string>() : "";

    static InputFault Wrong(string what) => InputFault.Invalid(Field, what);
}
