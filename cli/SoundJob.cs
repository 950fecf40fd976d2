using Rewas.Finish;
using Rewas.Studio;
using Rewas.Video;

namespace Rewas.Cli;

/// <summary>One file to make: what <c>rewas generate</c> reads from its options and <c>rewas render</c> from a sidecar.</summary>
sealed record SoundJob : SoundOrder
{
    public required string Output { get; init; }

    /// <summary>Where the energy comes from: see <see cref="Cli.Output.Sidecar.EnergySource"/>.</summary>
    public required string EnergySource { get; init; }

    /// <summary>Null where the sound goes out as it comes: mono, at its own level.</summary>
    public FinishOptions? Finish { get; init; }

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

/// <param name="BundleSha256">Of the bundle that made it.</param>
/// <param name="SoundSha256">Of its samples.</param>
/// <param name="EnvironmentSha256">Of the samples of its environment, where it has one.</param>
sealed record MadeBefore(string BundleSha256, string SoundSha256, string? EnvironmentSha256);
