using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>A video to make sound for. It is probed once, before this record is made, and hashed once, on first use.</summary>
public sealed record VideoClip(string Path, VideoFacts Facts)
{
    /// <summary>The video's bytes, for the stages.</summary>
    public VideoSource Source { get; init; } = VideoSource.FromFile(Path);

    /// <summary>
    /// The user's file, if the video was converted from it: an animation or an unfinished recording. Null if the video is the user's file.
    /// </summary>
    public string? MadeOf { get; init; }

    /// <summary>The video's name in a sidecar. Services set it, because a path of this machine means nothing to their callers.</summary>
    public string Name { get; init; } = Path;

    /// <summary>The energy predicted from the picture, with its descriptors, if it is known.</summary>
    public KnownEnergy? Known { get; init; }

    /// <summary>The source of the energy in a sidecar, if it is neither the picture nor the order's curve.</summary>
    public string? EnergySource { get; init; }

    /// <summary>True if the video is black and stands for no picture; see <see cref="AsBlank"/>.</summary>
    public bool IsBlank { get; private init; }

    /// <summary>The clip of a black video that stands for no picture. Nobody needs to look at it: its energy is silence.</summary>
    public VideoClip AsBlank()
    {
        var silence = new float[KnownEnergy.CountFor(ClipTiming.SamplesIn(Facts.Duration))];
        Array.Fill(silence, EnergyScale.Silence);
        return this with { IsBlank = true, Known = new(EnergyCurve.Of(silence), Facts.ToVideoInfo()) };
    }

    /// <summary>SHA-256 of the user's file, lower-case hexadecimal.</summary>
    public Task<string> Sha256Async(CancellationToken cancellation) =>
        MadeOf is null ? Source.Sha256Async(cancellation) : FileHash.OfAsync(MadeOf, cancellation);
}
