using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the sound encoder.</summary>
public sealed record SoundEncoderConfiguration
{
    public int MelBins { get; init; } = ClipTiming.MelBins;

    /// <summary>Side of the mel patches that become channels before the first convolution.</summary>
    public int PatchSize { get; init; } = 4;

    public int BaseChannels { get; init; } = 32;

    /// <summary>Channels of each level, in units of <see cref="BaseChannels"/>. The picture is halved between levels.</summary>
    public int[] ChannelMultipliers { get; init; } = [1, 2, 4];

    /// <summary>Groups of the group normalisations; divides every level's channels.</summary>
    public int Groups { get; init; } = 16;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 128;

    /// <summary>
    /// Classes of a classifier. With labels, the output is a score per class; without labels, an embedding of unit length.
    /// </summary>
    public string[] Labels { get; init; } = [];

    /// <summary>Dropout before the last layer while training.</summary>
    public float Dropout { get; init; }

    internal int Outputs => Labels.Length > 0 ? Labels.Length : EmbeddingChannels;

    internal int Reduction => PatchSize << (ChannelMultipliers.Length - 1);

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelBins, 1, 1024).InRange(c.PatchSize, 1, 16).InRange(c.BaseChannels, 1, 1024)
            .EachInRange(c.ChannelMultipliers, 1, 32)
            .InRange(c.Groups, 1, 256).Multiple(c.BaseChannels, c.Groups)
            .InRange(c.EmbeddingChannels, 1, 8192).InRange(c.Labels.Length, 0, 65_536)
            .InRange(c.Dropout, 0, 0.9)
            .Multiple(c.MelBins, Reduction, by: "mel bins per last bin").ThrowIfAny();
    }
}

/// <summary>
/// Identifies a sound from its log mel, by residual convolutions pooled over time and frequency. It is the sound encoder of the embedding
/// that text and sound share (contrastive, as CLAP: Wu et al., 2023, arXiv 2211.06687). With <see cref="SoundEncoderConfiguration.Labels"/>
/// it is a classifier.
/// </summary>
public sealed class SoundEncoder
{
    const float TypicalLogMel = -5, LogMelSpread = 3;

    readonly SoundEncoderConfiguration c;
    readonly Conv2d stem;
    readonly List<Func<Tensor, Tensor>> down = [];
    readonly GroupNorm norm;
    readonly Linear hidden, head;

    public SoundEncoder(Scope at, SoundEncoderConfiguration configuration)
    {
        c = configuration;
        var blocks = new VaeConfiguration { Groups = c.Groups };
        var channels = c.BaseChannels;
        stem = new(at / "stem", c.PatchSize * c.PatchSize, channels, 3);
        for (var level = 0; level < c.ChannelMultipliers.Length; level++)
        {
            var here = at / "levels" / level;
            if (level > 0)
                down.Add(new Conv2d(here / "downsample", channels, channels, 3, stride: 2).Forward);
            down.Add(new VaeResidualBlock(
                here / "block", blocks, channels, channels = c.BaseChannels * c.ChannelMultipliers[level]).Forward);
        }
        norm = VaeBlocks.Norm(at / "norm", blocks, channels);
        hidden = new(at / "hidden", 2 * channels, 2 * channels);
        head = new(at / "head", 2 * channels, c.Outputs);
    }

    public static NetworkDefinition Define(SoundEncoderConfiguration c)
    {
        c.Check();
        return new("sound_encoder",
            [new("mel", ElementType.Float32, [-1, 1, ClipTiming.MelFramesPerWindow, c.MelBins],
            "Log mel, ln(max(magnitude, 1e-5)), 100 frames a second.")],
            [new("embedding", ElementType.Float32, [-1, c.Outputs],
            "Embedding of unit length; scores of the classes where it is a classifier.")],
            scope =>
            {
                var network = new SoundEncoder(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, 1, F, M]
    {
        var x = stem.Forward(((mel - TypicalLogMel) / LogMelSpread).ToPatches(c.PatchSize));
        foreach (var step in down)
            x = step(x);                                                     // last: [B, C, F / r, M / r]
        x = norm.Forward(x).Silu();
        x = x.Reshape(-1, x.Shape[1], x.Shape[2] * x.Shape[3]);              // [B, C, F M / r r]
        x = x.Mean(2, keepAxis: false).Concat(1, x.Max(2, keepAxis: false)); // [B, 2 C]: average and peak
        x = head.Forward(hidden.Forward(x).Gelu().Dropout(c.Dropout));       // [B, O]
        return c.Labels.Length == 0 ? x.L2Normalize(-1) : x;
    }
}
