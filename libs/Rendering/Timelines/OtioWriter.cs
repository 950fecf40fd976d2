using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>
/// Writes OpenTimelineIO JSON, in the versions of its schemas that release 0.15 and later read. The format has no gain and no fades, so
/// they are notes of a clip.
/// </summary>
static class OtioWriter
{
    /// <summary>The key of what this platform says, among the metadata of other programs.</summary>
    public const string Notes = "rewas";

    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="address">The address of the file of a clip.</param>
    public static string Write(Timeline timeline, Func<TimelineClip, string> address) => Text(new()
    {
        ["OTIO_SCHEMA"] = "Timeline.1",
        ["metadata"] = Metadata(NotesOf(timeline)),
        ["name"] = timeline.Name,
        ["global_start_time"] = Time(new(timeline.Start.Frame, timeline.Rate)),
        ["tracks"] = new JsonObject
        {
            ["OTIO_SCHEMA"] = "Stack.1",
            ["metadata"] = new JsonObject(),
            ["name"] = "tracks",
            ["source_range"] = null,
            ["effects"] = new JsonArray(),
            ["markers"] = Markers(timeline.Markers),
            ["enabled"] = true,
            ["children"] = new JsonArray([.. timeline.Tracks.Select(track => Track(track, address))]),
        },
    });

    public static string Text(JsonObject timeline) => timeline.ToJsonString(Json) + "\n";

    public static JsonObject Track(TimelineTrack track, Func<TimelineClip, string> address)
    {
        var children = new JsonArray();
        TimelineTime? end = null;
        foreach (var clip in track.Clips)
        {
            var gap = end is { } before ? clip.At.Minus(before) : clip.At;
            if (gap.Value > 0)
                children.Add((JsonNode)Gap(gap));
            children.Add((JsonNode)Clip(clip, address));
            end = clip.OnTrack.End;
        }
        return new()
        {
            ["OTIO_SCHEMA"] = "Track.1",
            ["metadata"] = new JsonObject(),
            ["name"] = track.Name,
            ["source_range"] = null,
            ["effects"] = new JsonArray(),
            ["markers"] = Markers(track.Markers),
            ["enabled"] = track.IsEnabled,
            ["children"] = children,
            ["kind"] = track.Kind.ToString(),
        };
    }

    static JsonObject Clip(TimelineClip clip, Func<TimelineClip, string> address) => new()
    {
        ["OTIO_SCHEMA"] = "Clip.2",
        ["metadata"] = Metadata(NotesOf(clip)),
        ["name"] = clip.Name,
        ["source_range"] = Range(clip.Source),
        ["effects"] = clip.Speed == 1 ? [] : new JsonArray(new JsonObject
        {
            ["OTIO_SCHEMA"] = "LinearTimeWarp.1",
            ["metadata"] = new JsonObject(),
            ["name"] = "",
            ["effect_name"] = "LinearTimeWarp",
            ["time_scalar"] = clip.Speed,
        }),
        ["markers"] = Markers(clip.Markers),
        ["enabled"] = true,
        ["media_references"] = new JsonObject { ["DEFAULT_MEDIA"] = Media(clip, address) },
        ["active_media_reference_key"] = "DEFAULT_MEDIA",
    };

    static JsonObject Media(TimelineClip clip, Func<TimelineClip, string> address)
    {
        var media = new JsonObject
        {
            ["OTIO_SCHEMA"] = clip.Media is null ? "MissingReference.1" : "ExternalReference.1",
            ["metadata"] = new JsonObject(),
            ["name"] = clip.FileName ?? Path.GetFileName(clip.Media) ?? "",
            ["available_range"] = clip.Available is { } available ? Range(available) : null,
            ["available_image_bounds"] = null,
        };
        if (clip.Media is not null)
            media["target_url"] = address(clip);
        return media;
    }

    static JsonObject Gap(TimelineTime duration) => new()
    {
        ["OTIO_SCHEMA"] = "Gap.1",
        ["metadata"] = new JsonObject(),
        ["name"] = "",
        ["source_range"] = Range(new(duration with { Value = 0 }, duration)),
        ["effects"] = new JsonArray(),
        ["markers"] = new JsonArray(),
        ["enabled"] = true,
    };

    static JsonArray Markers(IReadOnlyList<TimelineMarker> markers) => new([.. markers.Select(marker => new JsonObject
    {
        ["OTIO_SCHEMA"] = "Marker.2",
        ["metadata"] = new JsonObject(),
        ["name"] = marker.Name,
        ["color"] = marker.Colour,
        ["marked_range"] = Range(marker.Range),
        ["comment"] = marker.Comment,
    })]);

    static JsonObject Range(TimelineRange range) => new()
    {
        ["OTIO_SCHEMA"] = "TimeRange.1",
        ["duration"] = Time(range.Duration),
        ["start_time"] = Time(range.Start),
    };

    static JsonObject Time(TimelineTime time) => new()
    {
        ["OTIO_SCHEMA"] = "RationalTime.1",
        ["rate"] = Number(time.Rate),
        ["value"] = (double)time.Value,
    };

    static double Number(FrameRate rate) => rate.PerSecond;

    static JsonObject Metadata(JsonObject? notes) => notes is null ? [] : new() { [Notes] = notes };

    static JsonObject NotesOf(Timeline timeline)
    {
        var notes = (JsonObject?)timeline.Notes?.DeepClone() ?? [];
        notes["start_timecode"] = timeline.Start.ToString();
        notes["drop_frame"] = timeline.Start.IsDropFrame;
        notes["rate"] = timeline.Rate.ToString();
        return notes;
    }

    static JsonObject? NotesOf(TimelineClip clip)
    {
        var notes = (JsonObject?)clip.Notes?.DeepClone() ?? [];
        if (clip.GainDecibels != 0)
            notes["gain_db"] = clip.GainDecibels;
        if (clip.FadeInSeconds > 0)
            notes["fade_in_s"] = clip.FadeInSeconds;
        if (clip.FadeOutSeconds > 0)
            notes["fade_out_s"] = clip.FadeOutSeconds;
        if (clip.Comment.Length > 0)
            notes["comment"] = clip.Comment;
        return notes.Count > 0 ? notes : null;
    }
}
