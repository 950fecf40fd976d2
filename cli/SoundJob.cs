using Rewas.Client;
using Rewas.Curves.Edits;
using Rewas.Finish;
using Rewas.Protocol;
using Rewas.Video;

namespace Rewas.Cli;

/// <summary>One file to make: what <c>rewas generate</c> reads from its options and <c>rewas render</c> from a sidecar.</summary>
sealed record SoundJob
{
    public required string Video { get; init; }

    public required VideoFacts Facts { get; init; }

    public required string Output { get; init; }

    public required string Prompt { get; init; }

    public required long Seed { get; init; }

    /// <summary>The bundle's default if null, as the two that follow.</summary>
    public int? Steps { get; init; }

    public double? GuidanceScale { get; init; }

    public double? Eta { get; init; }

    public SamplingChoice Sampling { get; init; } = new();

    /// <summary>Where the energy comes from: see <see cref="Cli.Output.Sidecar.EnergySource"/>.</summary>
    public required string EnergySource { get; init; }

    /// <summary>The energy unless the picture decides.</summary>
    public KnownEnergy? Energy { get; init; }

    public IReadOnlyList<CurveEdit> Edits { get; init; } = [];

    /// <summary>Null where the sound goes out as it comes: mono, at its own level.</summary>
    public FinishOptions? Finish { get; init; }

    public EnvironmentLayer? Environment { get; init; }

    /// <summary>Write the layers as files of their own.</summary>
    public bool Stems { get; init; }

    /// <summary>Write the sound beside the video.</summary>
    public bool Wav { get; init; }

    public required string Bundle { get; init; }

    public string? Gateway { get; init; }

    /// <summary>One of <see cref="Rewas.Networks.PrecisionNames"/>, without a gateway; null: as the bundle says.</summary>
    public string? Precision { get; init; }

    public bool Json { get; init; }

    /// <summary>What the result must come out as, if it is to be made again.</summary>
    public MadeBefore? Before { get; init; }

    /// <summary>The output is sound without a picture.</summary>
    public bool SoundOnly => SoundExport.IsName(Output);

    public string? WavPath => SoundOnly ? Output : Wav ? Path.ChangeExtension(Output, ".wav") : null;

    public string Stem(string layer) => Path.ChangeExtension(Output, $".{layer}.wav");
}

/// <summary>A second sound behind the first: its own text and seed, and the same energy, blurred to a slow envelope.</summary>
/// <param name="Prompt">What to hear.</param>
/// <param name="Seed">Of its noise.</param>
/// <param name="Decibels">Gain in the mix, -60 to 12.</param>
sealed record EnvironmentLayer(string Prompt, long Seed, double Decibels)
{
    public const double UsualDecibels = -12;

    /// <summary>From the energy of the primary source to that of its surroundings.</summary>
    public static IReadOnlyList<CurveEdit> Envelope { get; } = [new SoftenEdit(null, 4), new StrengthEdit(null, 0.5)];
}

/// <param name="BundleSha256">Of the bundle that made it.</param>
/// <param name="SoundSha256">Of its samples.</param>
/// <param name="EnvironmentSha256">Of the samples of its environment, where it has one.</param>
sealed record MadeBefore(string BundleSha256, string SoundSha256, string? EnvironmentSha256);
