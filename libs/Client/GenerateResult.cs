using Rewas.V1;

namespace Rewas.Client;

/// <summary>How a sound was made.</summary>
public sealed record GenerateResult
{
    public required VideoInfo Video { get; init; }

    /// <summary>
    /// The energy that the sound follows, including edits: mean natural-log mel, 100 values per second, as long as the video.
    /// </summary>
    public required IReadOnlyList<float> Energy { get; init; }

    /// <summary>The energy before edits.</summary>
    public required IReadOnlyList<float> PredictedEnergy { get; init; }

    /// <summary>Other predictions from the picture, if the bundle makes them.</summary>
    public required PredictedDescriptors Descriptors { get; init; }

    /// <summary>The description of each stage, in pipeline order.</summary>
    public required IReadOnlyList<DescribeResponse> Stages { get; init; }

    /// <summary>The work and time of each called stage, in pipeline order.</summary>
    public required IReadOnlyList<StageSummary> Summaries { get; init; }

    /// <summary>Number of samples sent to the sink: exactly the video's length at 16 kHz. Zero if only energy was requested.</summary>
    public required long Samples { get; init; }

    /// <summary>The sampler settings of each window, with defaults filled in. Null if only energy was requested.</summary>
    public required SamplerSettings? Sampler { get; init; }

    /// <summary>Positions of the recordings that the sound starts from, in order of time.</summary>
    public IReadOnlyList<RecordingPiece> RecordingPieces { get; init; } = [];

    /// <summary>Time from the call to its end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time from the call to the first sound. Zero if only energy was requested.</summary>
    public required TimeSpan FirstSoundAfter { get; init; }

    /// <summary>Empty if no stage was called.</summary>
    public string Bundle => Stages.Count > 0 ? Stages[0].Bundle : "";

    /// <summary>Empty if no stage was called.</summary>
    public string BundleSha256 => Stages.Count > 0 ? Stages[0].BundleSha256 : "";
}
