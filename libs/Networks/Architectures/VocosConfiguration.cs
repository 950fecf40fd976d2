namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the Fourier vocoder; the defaults are the paper's network at this project's mel.</summary>
public sealed record VocosConfiguration
{
    public int MelBins { get; init; } = ClipTiming.MelBins;

    public int Channels { get; init; } = 512;

    /// <summary>Width inside a block.</summary>
    public int HiddenChannels { get; init; } = 1536;

    public int Layers { get; init; } = 8;

    /// <summary>Samples from a frame to the next.</summary>
    public int HopSamples { get; init; } = ClipTiming.HopSamples;

    /// <summary>Samples of a frame, in hops: even, and at least 4, so that overlapping squared Hann windows add up to a constant.</summary>
    public int HopsPerFrame { get; init; } = 4;

    internal int FrameSamples => HopSamples * HopsPerFrame;

    internal int SpectrumBins => FrameSamples / 2 + 1;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelBins, 1, 1024).InRange(c.Channels, 1, 4096).InRange(c.HiddenChannels, 1, 16384).InRange(c.Layers, 1, 64)
            .InRange(c.HopSamples, 2, 2048).InRange(c.HopsPerFrame, 4, 16).Multiple(c.HopsPerFrame, 2, by: "frames that overlap evenly").ThrowIfAny();
    }
}
