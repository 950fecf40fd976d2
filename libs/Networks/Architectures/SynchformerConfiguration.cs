namespace Rewas.Networks.Architectures;

/// <summary>
/// Sizes of Synchformer's sound branch and offset head; the defaults are the published ones (114 M parameters). Its visual branch is
/// <see cref="Motionformer"/>.
/// </summary>
public sealed record SynchformerConfiguration
{
    /// <summary>Segments of a clip: 0.64 s each, half overlapping, 4.8 s in all.</summary>
    public int Segments { get; init; } = 14;

    /// <summary>Features of a segment's picture.</summary>
    public int VideoTimes { get; init; } = 8;

    public int Channels { get; init; } = 768;

    /// <summary>Width of the feed-forward layers, in units of <see cref="Channels"/>.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    public int MelBins { get; init; } = 128;

    /// <summary>Mel frames of a segment: 65 at 100 a second, and one of padding.</summary>
    public int MelFrames { get; init; } = 66;

    /// <summary>Side of the square patches of the mel, and the step between them.</summary>
    public int SoundPatch { get; init; } = 16;

    public int SoundStride { get; init; } = 10;

    public int SoundDepth { get; init; } = 12;

    /// <summary>Attention heads of the sound branch; divides <see cref="Channels"/>.</summary>
    public int SoundHeads { get; init; } = 12;

    /// <summary>Layers of the transformer that compares picture and sound.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Its attention heads; divides <see cref="Channels"/>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Classes of the offset.</summary>
    public int Offsets { get; init; } = 21;

    internal int SoundBins => (MelBins - SoundPatch) / SoundStride + 1;

    internal int SoundTimes => (MelFrames - SoundPatch) / SoundStride + 1;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.Segments, 1, 256).InRange(c.VideoTimes, 1, 256).InRange(c.Channels, 1, 4096).InRange(c.FeedForwardFactor, 1, 16)
            .InRange(c.SoundPatch, 1, 64).InRange(c.SoundStride, 1, 64)
            .InRange(c.MelBins, c.SoundPatch, 1024).InRange(c.MelFrames, c.SoundPatch, 4096)
            .InRange(c.SoundHeads, 1, 256).Multiple(c.Channels, c.SoundHeads).InRange(c.SoundDepth, 1, 64)
            .InRange(c.Heads, 1, 256).Multiple(c.Channels, c.Heads).InRange(c.Depth, 1, 64).InRange(c.Offsets, 3, 1024)
            .ThrowIfAny();
    }
}
