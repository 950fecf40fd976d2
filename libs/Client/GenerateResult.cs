using Rewas.V1;

namespace Rewas.Client;

/// <summary>How a sound was made.</summary>
public sealed record GenerateResult
{
    public required VideoInfo Video { get; init; }

    /// <summary>
    /// What the sound was made after: mean natural-log mel, 100 per second, for as long as the video lasts; edits included.
    /// </summary>
    public required IReadOnlyList<float> Energy { get; init; }

    /// <summary>The same before any edit.</summary>
    public required IReadOnlyList<float> PredictedEnergy { get; init; }

    /// <summary>What else the picture promised, where the bundle tells it.</summary>
    public required PredictedDescriptors Descriptors { get; init; }

    /// <summary>What each stage is, in the order of the pipeline.</summary>
    public required IReadOnlyList<DescribeResponse> Stages { get; init; }

    /// <summary>What each stage that was called did and how long it took, in the order of the pipeline.</summary>
    public required IReadOnlyList<StageSummary> Summaries { get; init; }

    /// <summary>Samples that the sink took: exactly as long as the video, at 16 kHz. None when only energy was asked for.</summary>
    public required long Samples { get; init; }

    /// <summary>How each window was sampled, defaults filled in. Null when only energy was asked for.</summary>
    public required SamplerSettings? Sampler { get; init; }

    /// <summary>Where the recordings that it starts from lie, in order of time.</summary>
    public IReadOnlyList<RecordingPiece> RecordingPieces { get; init; } = [];

    /// <summary>From the call to its end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>From the call to the first sound; zero when only energy was asked for.</summary>
    public required TimeSpan FirstSoundAfter { get; init; }

    public string Bundle => Stages[0].Bundle;

    public string BundleSha256 => Stages[0].BundleSha256;
}
