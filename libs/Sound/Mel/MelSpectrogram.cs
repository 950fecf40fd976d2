using System.Numerics.Tensors;
using Rewas.Clip;

namespace Rewas.Sound.Mel;

/// <summary>
/// The log mel spectrogram for generation and energy, ln(max(x, 1e-5)): magnitude spectrum at 16 kHz, Hann frames of 1024 samples, hop 160,
/// reflect padding 432 at both ends, 64 Slaney bins from 0 to 8000 Hz.
/// </summary>
/// <remarks>The mel of HiFi-GAN (Kong et al. 2020), as AudioLDM and ReWaS use it. Thread-safe.</remarks>
public static class MelSpectrogram
{
    const int FrameSamples = 1024, PaddingSamples = (FrameSamples - ClipTiming.HopSamples) / 2;

    /// <summary>Samples that a frame reads from the place of its index times the hop on.</summary>
    internal const int FrameReach = FrameSamples - PaddingSamples;

    static readonly MelSettings Settings = new(
        ClipTiming.SampleRate, FrameSamples, ClipTiming.HopSamples,
        PaddingSamples, ClipTiming.MelBins,
        LowestHertz: 0, HighestHertz: 8000, OfPower: false);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>Shortest waveform that has a mel spectrogram: 433 samples.</summary>
    public static int LeastSamples => Settings.MinimumSamples;

    /// <summary>Number of whole hops in a waveform: 512 for a window of 81,920 samples.</summary>
    public static int FramesIn(int samples) => Settings.FramesIn(samples);

    /// <summary>Log mel of a waveform at 16 kHz: [FramesIn(samples.Length), 64], row-major.</summary>
    public static float[] LogMel(ReadOnlySpan<float> samples)
    {
        var logMel = new float[FramesIn(samples.Length) * ClipTiming.MelBins];
        LogMel(samples, logMel);
        return logMel;
    }

    /// <summary>Writes the log mel into the caller's memory.</summary>
    /// <param name="samples">At least 433, 16 kHz.</param>
    /// <param name="logMel">[FramesIn(samples.Length), 64].</param>
    public static void LogMel(ReadOnlySpan<float> samples, Span<float> logMel)
    {
        Transform.Mel(samples, logMel);
        TensorPrimitives.Max(logMel, SilenceFloor.Magnitude, logMel);
        TensorPrimitives.Log(logMel, logMel);
    }
}
