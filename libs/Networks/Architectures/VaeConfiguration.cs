using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the mel autoencoder; the defaults are the published ones (55 M parameters).</summary>
public sealed record VaeConfiguration
{
    public int MelFrames { get; init; } = ClipTiming.MelFramesPerWindow;
    public int MelBins { get; init; } = ClipTiming.MelBins;

    /// <summary>Side of the mel patches that become channels before the first convolution. 1: no patches, as published.</summary>
    public int PatchSize { get; init; } = 1;

    public int BaseChannels { get; init; } = 128;

    /// <summary>Channels of each level, in units of <see cref="BaseChannels"/>. The picture is halved between levels.</summary>
    public int[] ChannelMultipliers { get; init; } = [1, 2, 4];

    /// <summary>Residual blocks per level of the encoder; the decoder has one more.</summary>
    public int ResidualBlocks { get; init; } = 2;

    public int LatentChannels { get; init; } = 8;

    /// <summary>
    /// Whether the decoder also predicts the share of noise grain to add to its mel (<see cref="VaeDecoder"/>). Published: false. The
    /// encoder ignores it.
    /// </summary>
    public bool Grain { get; init; }

    /// <summary>
    /// Whether the decoder has a linear path from each latent position to its mel patch, so that its layers add only the rest. Published:
    /// false. The path is the inverse of a <see cref="PatchEncoder"/>. The encoder ignores it.
    /// </summary>
    public bool PatchPath { get; init; }

    /// <summary>
    /// Whether the decoder first expands its latent by a <see cref="Layers.Compander"/>, for a patch encoder that compresses it.
    /// Published: false.
    /// </summary>
    public bool Compand { get; init; }

    /// <summary>Groups of the group normalisations; divides every level's channels.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Mel frames per latent frame, and mel bins per latent bin.</summary>
    public int Reduction() => PatchSize << (ChannelMultipliers.Length - 1);

    internal int LevelChannels(int level) => BaseChannels * ChannelMultipliers[level];

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelFrames, 1, 8192).InRange(c.MelBins, 1, 512).InRange(c.PatchSize, 1, 16).InRange(c.BaseChannels, 1, 1024)
            .EachInRange(c.ChannelMultipliers, 1, 32).InRange(c.ResidualBlocks, 1, 16).InRange(c.LatentChannels, 1, 256)
            .InRange(c.Groups, 1, 256).Multiple(c.BaseChannels, c.Groups)
            .Multiple(c.MelFrames, Reduction(), by: "mel frames per latent frame")
            .Multiple(c.MelBins, Reduction(), by: "mel bins per latent bin")
            .ThrowIfAny();
    }
}
