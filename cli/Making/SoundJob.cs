using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.Cli.Making;

/// <summary>One file to make: what <c>rewas generate</c> reads from its options and <c>rewas render</c> from a sidecar.</summary>
sealed record SoundJob(SoundOrder Order, VideoClip Clip, SoundFiles Files)
{
    public required string Bundle { get; init; }

    /// <summary>Configuration of stages hosted here that lets them take a video of this length.</summary>
    public IReadOnlyList<string> LengthSettings { get; init; } = [];

    public string? Gateway { get; init; }

    /// <summary>One of <see cref="Rewas.Clip.Names.PrecisionNames"/>, without a gateway; null: as the bundle says.</summary>
    public string? Precision { get; init; }

    public bool Json { get; init; }

    /// <summary>The sidecar of the file that is to be made again, if it is one.</summary>
    public Sidecar? Before { get; init; }
}
