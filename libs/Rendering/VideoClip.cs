using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>A video that sound is made for. It is probed once, before this is made, and hashed once, when somebody first asks.</summary>
/// <param name="Path">Its file.</param>
public sealed record VideoClip(string Path, VideoFacts Facts)
{
    /// <summary>Its bytes, for the stages.</summary>
    public VideoSource Source { get; init; } = VideoSource.FromFile(Path);

    /// <summary>
    /// The file that the user named, where the video was made of it: an animation, an unfinished recording. Null: the video itself.
    /// </summary>
    public string? MadeOf { get; init; }

    /// <summary>What a sidecar calls it; a path of this machine says nothing to the caller of a service.</summary>
    public string Name { get; init; } = Path;

    /// <summary>The energy that its picture promises, where it is known, and what goes with it.</summary>
    public KnownEnergy? Known { get; init; }

    /// <summary>What a sidecar calls the source of the energy, where that is neither the picture nor the order's curve.</summary>
    public string? EnergySource { get; init; }

    /// <summary>Of the file that the user named, lower-case hexadecimal.</summary>
    public Task<string> Sha256Async(CancellationToken cancellation) =>
        MadeOf is null ? Source.Sha256Async(cancellation) : FileHash.OfAsync(MadeOf, cancellation);
}
