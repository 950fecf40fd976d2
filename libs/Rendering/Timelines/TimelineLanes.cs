namespace Rewas.Rendering.Timelines;

/// <summary>Puts clips that sound together on tracks of their own: on a track, one clip ends before the next one begins.</summary>
public static class TimelineLanes
{
    /// <summary>As few tracks as possible; the first has the name, further ones the name with a number.</summary>
    public static IReadOnlyList<TimelineTrack> Of(string name, TimelineKind kind, IReadOnlyList<TimelineClip> clips)
    {
        var lanes = new List<List<TimelineClip>>();
        foreach (var clip in clips.OrderBy(clip => clip.At.Seconds))
        {
            var free = lanes.Find(lane => lane[^1].OnTrack.End.CompareTo(clip.At) <= 0);
            if (free is null)
                lanes.Add(free = []);
            free.Add(clip);
        }
        return [.. lanes.Select((lane, i) => new TimelineTrack(i == 0 ? name : $"{name} {i + 1}", kind, lane))];
    }
}
