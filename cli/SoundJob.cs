using Rewas.Client;
using Rewas.Studio;
using Rewas.Video;
using Rewas.VideoEncoder;

namespace Rewas.Cli;

/// <summary>One file to make: what <c>rewas generate</c> reads from its options and <c>rewas render</c> from a sidecar.</summary>
sealed record SoundJob : SoundFileOrder
{
    /// <summary>Write the layers as files of their own.</summary>
    public bool Stems { get; init; }

    /// <summary>Write the sound beside the video.</summary>
    public bool Wav { get; init; }

    public required string Bundle { get; init; }

    /// <summary>Configuration of stages hosted here that lets them take a video of this length.</summary>
    public IReadOnlyList<string> LengthSettings { get; init; } = [];

    public string? Gateway { get; init; }

    /// <summary>One of <see cref="Rewas.Networks.PrecisionNames"/>, without a gateway; null: as the bundle says.</summary>
    public string? Precision { get; init; }

    public bool Json { get; init; }

    /// <summary>What the result must come out as, if it is to be made again.</summary>
    public MadeBefore? Before { get; init; }

    public string SidecarPath => Output + ".json";

    /// <summary>All that is written, with the option that asks for it.</summary>
    public IEnumerable<(string Path, string Field)> Files =>
    [
        (Output, "output"),
        (SidecarPath, "sidecar"),
        .. Wav && !SoundOnly ? [(WavPath!, "wav")] : Array.Empty<(string, string)>(),
        .. Stems ? StemPaths : [],
        .. Enumerable.Range(2, Candidates - 1).Select(rank => (Stem($"candidate-{rank}"), "candidates")),
    ];

    IEnumerable<(string Path, string Field)> StemPaths => Environment is null ? [(Stem("primary"), "stems")] : [(Stem("primary"), "stems"), (Stem("environment"), "stems")];

    public string? WavPath => SoundOnly ? Output : Wav ? Path.ChangeExtension(Output, ".wav") : null;

    /// <summary>What makes the same file again: the energy as it was rendered, so that neither the picture nor its edits are needed.</summary>
    /// <param name="sidecar">How it was made.</param>
    /// <param name="video">Where the video lies.</param>
    /// <param name="facts">Of the video.</param>
    public static SoundJob Again(Sidecar sidecar, string video, VideoFacts facts) => new()
    {
        Video = video,
        Facts = facts,
        Output = sidecar.Output,
        Prompt = sidecar.Prompt,
        Seed = sidecar.Seed,
        Steps = sidecar.Sampler.Steps,
        GuidanceScale = sidecar.Sampler.GuidanceScale,
        Eta = sidecar.Sampler.Eta,
        Sampling = sidecar.Sampler.ToChoice(),
        EnergySource = sidecar.EnergySource,
        Energy = new(sidecar.Energy.ToCurve(), facts.ToVideoInfo()) { Descriptors = (sidecar.Descriptors?.ToPredicted() ?? PredictedDescriptors.None) with { Cuts = sidecar.CutValues } },
        Finish = sidecar.Finish?.Options,
        Environment = sidecar.Environment is { } layer ? new(layer.Prompt, layer.Seed, layer.Decibels) : null,
        Candidates = sidecar.Candidates?.Count ?? 1,
        Conflict = sidecar.Conflict,
        Bundle = sidecar.Bundle,
        Precision = sidecar.Sampler.Precision,
        Before = new(sidecar.BundleSha256, sidecar.Sound.Sha256, sidecar.Environment?.Sha256),
    };
}

/// <param name="BundleSha256">Of the bundle that made it.</param>
/// <param name="SoundSha256">Of its samples.</param>
/// <param name="EnvironmentSha256">Of the samples of its environment, where it has one.</param>
sealed record MadeBefore(string BundleSha256, string SoundSha256, string? EnvironmentSha256);
