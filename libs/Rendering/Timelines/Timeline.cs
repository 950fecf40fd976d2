using System.Text.Json.Nodes;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>A cut: tracks of clips on one clock, in no file format.</summary>
/// <param name="Start">Timecode of its first frame. Its rate is that of the picture.</param>
public sealed record Timeline(string Name, Timecode Start)
{
    /// <summary>From the lowest to the highest.</summary>
    public IReadOnlyList<TimelineTrack> Tracks { get; init; } = [];

    /// <summary>Markers on the whole, from its start.</summary>
    public IReadOnlyList<TimelineMarker> Markers { get; init; } = [];

    /// <summary>What the platform says about it; null for nothing.</summary>
    public JsonObject? Notes { get; init; }

    public FrameRate Rate => Start.Rate;
}

public enum TimelineKind
{
    Video,
    Audio,
}

/// <param name="Clips">In order; none begins before another one has ended.</param>
public sealed record TimelineTrack(string Name, TimelineKind Kind, IReadOnlyList<TimelineClip> Clips)
{
    /// <summary>False for clips that are there to be used in place of others, and are not heard.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>From the start of the timeline.</summary>
    public IReadOnlyList<TimelineMarker> Markers { get; init; } = [];
}

/// <summary>A part of a file on a track.</summary>
public sealed record TimelineClip
{
    public required string Name { get; init; }

    /// <summary>Path of the file, or its address; null if it is not known.</summary>
    public string? Media { get; init; }

    /// <summary>Name of the file where names of folders mean nothing; null for its own.</summary>
    public string? FileName { get; init; }

    /// <summary>What the file holds. It starts at the file's own timecode; null if that is not known.</summary>
    public TimelineRange? Available { get; init; }

    /// <summary>The part of the file, on the same clock.</summary>
    public required TimelineRange Source { get; init; }

    /// <summary>From the start of the timeline.</summary>
    public required TimelineTime At { get; init; }

    public double GainDecibels { get; init; }

    public double FadeInSeconds { get; init; }

    public double FadeOutSeconds { get; init; }

    /// <summary>Playback speed; 1 for its own.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>On the clock of the source.</summary>
    public IReadOnlyList<TimelineMarker> Markers { get; init; } = [];

    /// <summary>Words of a person about the clip; empty for none.</summary>
    public string Comment { get; init; } = "";

    public JsonObject? Notes { get; init; }

    public TimelineRange OnTrack => new(At, Source.Duration);
}

/// <param name="Range">A duration of 0 marks a moment.</param>
/// <param name="Colour">In capitals, as OpenTimelineIO names it.</param>
public sealed record TimelineMarker(string Name, TimelineRange Range, string Colour = "RED", string Comment = "");
