using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.Cli.Making;

/// <summary>One file to make. <c>rewas generate</c> builds it from its options, <c>rewas render</c> from a sidecar.</summary>
sealed record SoundJob(SoundOrder Order, VideoClip Clip, SoundFiles Files)
{
    public required string Bundle { get; init; }

    /// <summary>Settings that let stages in this process accept a video of this length.</summary>
    public IReadOnlyList<string> LengthSettings { get; init; } = [];

    public string? Gateway { get; init; }

    /// <summary>One of <see cref="Rewas.Clip.Names.PrecisionNames"/>. Null keeps the bundle's precision. Not used with a gateway.</summary>
    public string? Precision { get; init; }

    public bool Json { get; init; }

    /// <summary>The sidecar of the file to make again; null for a new file.</summary>
    public Sidecar? Before { get; init; }
}
