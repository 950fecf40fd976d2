using Rewas.Client;
using Rewas.Curves.Edits;
using Rewas.Protocol;
using Rewas.Video;

namespace Rewas.Studio;

/// <summary>The sound that is to be made for a video, before it is finished.</summary>
public record SoundOrder
{
    /// <summary>Its file.</summary>
    public required string Video { get; init; }

    public required VideoFacts Facts { get; init; }

    public required string Prompt { get; init; }

    public required long Seed { get; init; }

    /// <summary>The bundle's default if null, as the two that follow.</summary>
    public int? Steps { get; init; }

    public double? GuidanceScale { get; init; }

    public double? Eta { get; init; }

    public SamplingChoice Sampling { get; init; } = new();

    /// <summary>The energy unless the picture decides.</summary>
    public KnownEnergy? Energy { get; init; }

    public IReadOnlyList<CurveEdit> Edits { get; init; } = [];

    public EnvironmentLayer? Environment { get; init; }

    /// <summary>Sounds to choose from, 1 to 8.</summary>
    public int Candidates { get; init; } = 1;
}
