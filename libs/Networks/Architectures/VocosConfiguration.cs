using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>Sizes of the Fourier vocoder; the defaults are the paper's network at this project's mel.</summary>
public sealed record VocosConfiguration
{
    public int SampleRate { get; init; } = ClipTiming.SampleRate;

    public int MelBins { get; init; } = ClipTiming.MelBins;

    public int Channels { get; init; } = 512;

    /// <summary>Width inside a block.</summary>
    public int HiddenChannels { get; init; } = 1536;

    public int Layers { get; init; } = 8;

    /// <summary>Samples between the starts of adjacent frames.</summary>
    public int HopSamples { get; init; } = ClipTiming.HopSamples;

    /// <summary>Samples of a mel frame, a power of two.</summary>
    public int FrameSamples { get; init; } = 1024;

    /// <summary>Griffin-Lim rounds after the network. Each costs two Fourier transforms of the sound.</summary>
    public int Refinements { get; init; }

    /// <summary>Correction rounds towards the mel after those, at the same cost.</summary>
    public int Corrections { get; init; }

    internal int SpectrumBins => FrameSamples / 2 + 1;

    internal int HopsAside => FrameTransform.HopsAside(FrameSamples, HopSamples);

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.SampleRate, 1000, 768_000).InRange(c.MelBins, 1, 1024).InRange(c.Channels, 1, 4096)
            .InRange(c.HiddenChannels, 1, 16384).InRange(c.Layers, 1, 64)
            .InRange(c.HopSamples, 2, 2048).Multiple(c.HopSamples, 2)
            .InRange(c.FrameSamples, 4 * c.HopSamples, 16 * c.HopSamples)
            .That(int.IsPow2(c.FrameSamples), $"frameSamples must be a power of two, but is {c.FrameSamples}")
            .InRange(c.Refinements, 0, 64).InRange(c.Corrections, 0, 64).ThrowIfAny();
    }
}
