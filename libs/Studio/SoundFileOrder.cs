using Rewas.Finish;
using Rewas.Video;

namespace Rewas.Studio;

/// <summary>A sound that is to become a file: what its sidecar records.</summary>
public record SoundFileOrder : SoundOrder
{
    public required string Output { get; init; }

    /// <summary>The file that the user named, where the video was made of it: an animation, an unfinished recording. Null: the video itself.</summary>
    public string? MadeOf { get; init; }

    /// <summary>Where the energy comes from: see <see cref="Sidecar.EnergySource"/>.</summary>
    public required string EnergySource { get; init; }

    /// <summary>Null where the sound goes out as it comes: mono, at its own level.</summary>
    public FinishOptions? Finish { get; init; }

    /// <summary>What was said of the prompt before, where it was checked.</summary>
    public ConflictChecked? Conflict { get; init; }

    /// <summary>The output is sound without a picture.</summary>
    public bool SoundOnly => SoundExport.IsName(Output);

    public string Stem(string layer) => Path.ChangeExtension(Output, $".{layer}.wav");
}

/// <summary>How a sound was finished.</summary>
/// <param name="Report">Levels.</param>
/// <param name="Frames">Samples a channel.</param>
/// <param name="EnvironmentSha256">Of the environment's samples, if there is one.</param>
/// <param name="Candidates">The best first.</param>
public sealed record FinishMade(FinishReport Report, long Frames, string? EnvironmentSha256, IReadOnlyList<RankedCandidate> Candidates);
