using System.Xml.Linq;

namespace Rewas.Rendering.Timelines;

/// <summary>Collects the clips of FCPXML by lane.</summary>
sealed class FcpXmlLanes
{
    /// <summary>Pictures from the lowest lane up, then sound from the main spine down.</summary>
    readonly SortedDictionary<(TimelineKind Kind, int Distance), List<(TimelineClip Clip, bool IsEnabled, string Role)>> lanes = [];

    /// <param name="item">The element of the clip.</param>
    public void Add(TimelineClip clip, int lane, bool isSound, XElement item)
    {
        var key = isSound ? (TimelineKind.Audio, -lane) : (TimelineKind.Video, lane);
        if (!lanes.TryGetValue(key, out var found))
            lanes[key] = found = [];
        found.Add((clip, item.Text("enabled") != "0", isSound ? item.Text("audioRole").Split('.')[^1] : ""));
    }

    public IReadOnlyList<TimelineTrack> Tracks =>
        [.. lanes.SelectMany(lane => Of(lane.Key.Kind, Math.Abs(lane.Key.Distance), lane.Value))];

    /// <summary>Clips of a lane that overlap lie on tracks of their own. What is off is left out, unless all of the lane is.</summary>
    static IEnumerable<TimelineTrack> Of(
        TimelineKind kind, int number, IReadOnlyList<(TimelineClip Clip, bool IsEnabled, string Role)> found)
    {
        var isEnabled = found.Any(one => one.IsEnabled);
        var name = found.Select(one => one.Role).Distinct().ToArray() is [{ Length: > 0 } role] ? role
            : $"{(kind == TimelineKind.Video ? "V" : "A")}{number}";
        return TimelineLanes.Of(name, kind, [.. found.Where(one => one.IsEnabled == isEnabled).Select(one => one.Clip)])
            .Select(track => track with { IsEnabled = isEnabled });
    }
}
