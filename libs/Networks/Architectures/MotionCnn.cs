using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the small video encoder.</summary>
public sealed record MotionCnnConfiguration
{
    /// <summary>Side of the square picture, pixels.</summary>
    public int FrameSize { get; init; } = 64;

    public int SegmentFrames { get; init; } = ClipTiming.SegmentFrames;

    /// <summary>Channels of the first level, preferably a multiple of 16 (see docs/training.md).</summary>
    public int BaseChannels { get; init; } = 32;

    /// <summary>Channels of each level, in units of <see cref="BaseChannels"/>; between levels the picture is halved.</summary>
    public int[] ChannelMultipliers { get; init; } = [1, 2, 4];

    /// <summary>Residual blocks of each level.</summary>
    public int ResidualBlocks { get; init; } = 1;

    /// <summary>Learned channels of a feature.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Whether the <see cref="BlockMotion"/> statistics follow the learned channels.</summary>
    public bool BlockStatistics { get; init; }

    internal int FeatureChannels => Channels + (BlockStatistics ? BlockMotion.Statistics : 0);

    internal int Times => SegmentFrames / ClipTiming.FramesPerToken;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.FrameSize, 8, 1024).InRange(c.SegmentFrames, 4, 256).Multiple(c.SegmentFrames, ClipTiming.FramesPerToken)
            .InRange(c.BaseChannels, 4, 1024).Multiple(c.BaseChannels, MotionCnn.ShiftedPart).EachInRange(c.ChannelMultipliers, 1, 32)
            .InRange(c.ResidualBlocks, 1, 16).InRange(c.Channels, 1, 4096)
            .Multiple(c.FrameSize, (long)MotionCnn.PatchSize << (c.ChannelMultipliers.Length - 1), by: "pixels per last place")
            .Multiple(c.FrameSize, c.BlockStatistics ? BlockMotion.BlockSize : 1, by: "pixels per block").ThrowIfAny();
    }
}

/// <summary>
/// A video encoder that sees only change. It computes brightness differences of neighbouring frames, residual convolutions over the
/// picture, and channels shifted to the times before and after (TSM: Lin et al., 2019, arXiv 1811.08383). Thousands of clips suffice to
/// train it; a transformer needs millions. Still pictures are zero to it, so it cannot learn what a scene looks like.
/// </summary>
/// <remarks>It has no normalisation layers, because the amount of motion is the result.</remarks>
public sealed class MotionCnn
{
    internal const int PatchSize = 4, ShiftedPart = 4;
    const int Differences = 3;
    const float Gain = 4;                                                      // most motion changes a pixel by a few hundredths

    readonly MotionCnnConfiguration c;
    readonly Conv2d stem;
    readonly List<Func<Tensor, Tensor>> steps = [];
    readonly Linear head;
    readonly BlockMotion? statistics;

    public MotionCnn(Scope at, MotionCnnConfiguration configuration)
    {
        c = configuration;
        var channels = c.BaseChannels;
        stem = new(at / "stem", Differences * PatchSize * PatchSize, channels, 3);
        for (var level = 0; level < c.ChannelMultipliers.Length; level++)
        {
            var here = at / "levels" / level;
            var width = c.BaseChannels * c.ChannelMultipliers[level];
            if (level > 0)
            {
                var halve = new Conv2d(here / "downsample", channels, width, 3, stride: 2);
                steps.Add(x => halve.Forward(x.Silu()));
            }
            channels = width;
            for (var block = 0; block < c.ResidualBlocks; block++)
                steps.Add(new MotionBlock(here / "blocks" / block, width, c.Times).Forward);
        }
        head = new(at / "head", 2 * channels, c.Channels);
        statistics = c.BlockStatistics ? new(c.FrameSize, c.SegmentFrames) : null;
    }

    public static NetworkDefinition Define(MotionCnnConfiguration c)
    {
        c.Check();
        return new("motion_cnn",
            [new("frames", ElementType.Float32, [-1, 3, c.SegmentFrames, c.FrameSize, c.FrameSize],
            "Segments of RGB frames, (value / 255 - 0.5) / 0.5.")],
            [new("features", ElementType.Float32, [-1, c.Times, c.FeatureChannels], "One feature per 2 frames.")],
            scope =>
            {
                var network = new MotionCnn(scope / "motion", c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor frames)                                     // [S, 3, 16, H, W]
    {
        var x = stem.Forward(Changes(frames));                               // [S t, C, H / 4, W / 4]
        foreach (var step in steps)
            x = step(x);                                                     // last: [S t, 4 C, H / 16, W / 16]
        x = x.Silu();
        x = x.Reshape(-1, x.Shape[1], x.Shape[2] * x.Shape[3]);
        x = x.Mean(2, keepAxis: false).Concat(1, x.Max(2, keepAxis: false)); // [S t, 8 C]: average and peak over the picture
        var learnt = head.Forward(x).Reshape(-1, c.Times, c.Channels);       // [S, t, D]
        return statistics is null ? learnt : learnt.Concat(2, statistics.Forward(frames));
    }

    /// <summary>
    /// Three differences for each pair of frames: the first minus the frame before, the second minus the first, and the frame after minus
    /// the second.
    /// </summary>
    Tensor Changes(Tensor frames)                                            // [S, 3, 16, H, W] -> [S t, 48, H / 4, W / 4]
    {
        var light = frames.Mean(1);                                          // [S, 1, 16, H, W]
        var change = (light.Slice(2, 1) - light.Slice(2, 0, c.SegmentFrames - 1)) * Gain;     // [S, 1, 15, H, W]
        var (within, between) = (change.Slice(2, 0, null, 2), change.Slice(2, 1, null, 2));   // t and t - 1 of them
        // The change beyond a segment's end is unknown; the change within the last pair is used instead.
        var before = within.Slice(2, 0, 1).Concat(2, between);
        var after = between.Concat(2, within.Slice(2, c.Times - 1));
        return before.Concat(1, within, after).Transpose(0, 2, 1, 3, 4)        // [S, t, 3, H, W]
            .Reshape(-1, 1, c.FrameSize, c.FrameSize).ToPatches(PatchSize)
            .Reshape(-1, Differences * PatchSize * PatchSize, c.FrameSize / PatchSize, c.FrameSize / PatchSize);
    }
}

/// <summary>Two convolutions; the first also reads the times before and after. Starts as the identity.</summary>
sealed class MotionBlock(Scope at, int channels, int times)
{
    readonly Conv2d first = new(at / "conv1", channels, channels, 3), second = new(at / "conv2", channels, channels, 3, zero: true);

    public Tensor Forward(Tensor x) => x + second.Forward(first.Forward(Shifted(x.Silu())).Silu());   // [S t, C, H, W] -> the same

    /// <summary>Takes a quarter of the channels from the time before and a quarter from the time after.</summary>
    Tensor Shifted(Tensor x)
    {
        var part = channels / MotionCnn.ShiftedPart;
        var clip = x.Reshape(-1, times, channels, x.Shape[2], x.Shape[3]);   // [S, t, C, H, W]
        var (late, early) = (clip.Slice(2, 0, part), clip.Slice(2, part, 2 * part));
        late = late.Slice(1, 0, 1).Concat(1, late.Slice(1, 0, times - 1));
        early = early.Slice(1, 1).Concat(1, early.Slice(1, times - 1));
        return late.Concat(2, early, clip.Slice(2, 2 * part)).Reshape(-1, channels, x.Shape[2], x.Shape[3]);
    }
}
