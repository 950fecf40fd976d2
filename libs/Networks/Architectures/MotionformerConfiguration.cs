using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the video encoder; the defaults are the published ones (122 M parameters).</summary>
public sealed record MotionformerConfiguration
{
    /// <summary>Side of the square picture, pixels.</summary>
    public int FrameSize { get; init; } = 224;

    /// <summary>Side of the patches that become tokens, pixels.</summary>
    public int PatchSize { get; init; } = 16;

    public int SegmentFrames { get; init; } = ClipTiming.SegmentFrames;

    public int FramesPerToken { get; init; } = ClipTiming.FramesPerToken;

    public int Channels { get; init; } = 768;

    public int Depth { get; init; } = 12;

    /// <summary>Attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    internal int Times => SegmentFrames / FramesPerToken;

    internal int PatchesPerSide => FrameSize / PatchSize;

    internal int Places => PatchesPerSide * PatchesPerSide;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.FrameSize, 1, 1024).InRange(c.PatchSize, 1, 256).Multiple(c.FrameSize, c.PatchSize)
            .InRange(c.SegmentFrames, 1, 256).InRange(c.FramesPerToken, 1, 256).Multiple(c.SegmentFrames, c.FramesPerToken)
            .InRange(c.Channels, 1, 4096).InRange(c.Heads, 1, 256).Multiple(c.Channels, c.Heads)
            .InRange(c.Depth, 1, 64).InRange(c.FeedForwardFactor, 1, 16).ThrowIfAny();
    }
}
