using Rewas.Rendering.Finishing;
using Rewas.Video;

namespace Rewas.Rendering.Delivery;

/// <summary>What a broadcast file says about its sound.</summary>
/// <param name="Track">The part of the sound: "mix", "primary", "environment" or "candidate-2".</param>
public sealed record SoundNotes(string Track)
{
    public const string Mix = "mix", Originator = "Rewas.Platform";

    /// <summary>The name of each channel; null for those that follow from the track.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>True for a file of several layers, whose channels are no left and right of one sound.</summary>
    public bool HasSeveralTracks { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Name of the video's file, without its folder.</summary>
    public required string Video { get; init; }

    /// <summary>Rate of the picture.</summary>
    public required FrameRate Rate { get; init; }

    /// <summary>Timecode of the first frame; null if the video has none.</summary>
    public Timecode? Timecode { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>SHA-256 of the samples before the mix. It finds the sidecar.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bundle and version that made it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>Measurements; null if the track was not measured alone.</summary>
    public FinishReport? Levels { get; init; }

    /// <summary>Names of the channels of a track: its own name, or that with L and R.</summary>
    public static IReadOnlyList<string> ChannelsOf(string track, int channels) => channels == 1 ? [track] : [$"{track} L", $"{track} R"];

    /// <summary>Samples since midnight, by the video's timecode; 0 without one.</summary>
    public long SamplesSinceMidnight(int sampleRate) => Timecode?.SampleAt(sampleRate) ?? 0;
}
