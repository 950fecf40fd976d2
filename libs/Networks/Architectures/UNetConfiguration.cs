using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the denoiser and of its energy adapter; the defaults are the published ones (416 M and 182 M parameters).</summary>
public sealed record UNetConfiguration
{
    public int LatentChannels { get; init; } = 8;
    public int LatentFrames { get; init; } = 128;
    public int LatentBins { get; init; } = 16;

    /// <summary>Channels of the first level. Even, because half of them hold sines of the time step and half cosines.</summary>
    public int ModelChannels { get; init; } = 192;

    /// <summary>Channels of each level, in units of <see cref="ModelChannels"/>. The latent is halved between levels.</summary>
    public int[] ChannelMultipliers { get; init; } = [1, 2, 3, 5];

    public int ResidualBlocks { get; init; } = 2;

    /// <summary>
    /// Levels with attention, by the factor by which the latent is reduced there: 1, 2, 4, ... The middle always has attention.
    /// </summary>
    public int[] AttentionFactors { get; init; } = [2, 4, 8];

    /// <summary>Channels per attention head; divides the channels of every level with attention.</summary>
    public int HeadChannels { get; init; } = 32;

    /// <summary>Transformer blocks at each place with attention.</summary>
    public int TransformerDepth { get; init; } = 1;

    /// <summary>Length of the text embedding.</summary>
    public int FilmChannels { get; init; } = 512;

    /// <summary>
    /// Whether the adapter also reads <see cref="ControlDescriptors"/>: onsets and spectral texture besides the energy. The published one
    /// does not.
    /// </summary>
    public bool Descriptors { get; init; }

    /// <summary>Groups of the group normalisations; divides <see cref="ModelChannels"/>.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Dropout inside residual blocks while training.</summary>
    public float Dropout { get; init; }

    internal int EmbeddingChannels => 4 * ModelChannels;

    internal int LevelChannels(int level) => ModelChannels * ChannelMultipliers[level];

    internal bool Attends(int level) => AttentionFactors.Contains(1 << level);

    internal void Check()
    {
        var c = this;
        var check = new ConfigurationCheck()
            .InRange(c.LatentChannels, 1, 256).InRange(c.LatentFrames, 1, 4096).InRange(c.LatentBins, 1, 256)
            .InRange(c.ModelChannels, 2, 1024).Multiple(c.ModelChannels, 2).EachInRange(c.ChannelMultipliers, 1, 32)
            .InRange(c.ResidualBlocks, 1, 16).EachInRange(c.AttentionFactors, 1, 1 << 15, atLeast: 0).InRange(c.HeadChannels, 1, 1024)
            .InRange(c.TransformerDepth, 1, 16).InRange(c.FilmChannels, 1, 8192).InRange(c.Groups, 1, 256).InRange(c.Dropout, 0, 0.9)
            .Multiple(c.ModelChannels, c.Groups);
        var last = c.ChannelMultipliers.Length - 1;
        for (var level = 0; level <= last; level++)
        {
            if (c.Attends(level) || level == last)
                check.Multiple(c.LevelChannels(level), c.HeadChannels, field: $"channels of attending level {level}");
        }
        check.Multiple(c.LatentFrames, 1L << last, by: "the division at the last level")
            .Multiple(c.LatentBins, 1L << last, by: "the division at the last level").ThrowIfAny();
    }
}
