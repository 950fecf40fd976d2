using System.Numerics.Tensors;
using Rewas.Networks;

namespace Rewas.Audio;

/// <summary>
/// The log mel spectrogram from which sound is generated and its energy measured: 16 kHz, frames of 1024 samples under a Hann window,
/// hop 160, reflect padding 432 at both ends, magnitude, 64 Slaney bins from 0 to 8000 Hz, ln(max(x, 1e-5)).
/// </summary>
/// <remarks>After HiFi-GAN's mel (Kong et al. 2020), as AudioLDM and ReWaS use it. Safe to call from several threads.</remarks>
public static class MelSpectrogram
{
    const int FrameSamples = 1024;

    static readonly MelSettings Settings = new(
        ClipTiming.SampleRate, FrameSamples, ClipTiming.HopSamples, PaddingSamples: (FrameSamples - ClipTiming.HopSamples) / 2, ClipTiming.MelBins,
        LowestHertz: 0, HighestHertz: 8000, OfPower: false);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>Fewest samples that have a mel spectrogram: 433.</summary>
    public static int LeastSamples => Settings.MinimumSamples;

    /// <summary>Whole hops in a waveform: 512 for a window of 81,920 samples.</summary>
    public static int FramesIn(int samples) => Settings.FramesIn(samples);

    /// <summary>Log mel of a waveform at 16 kHz: [FramesIn(samples.Length), 64], row-major.</summary>
    public static float[] LogMel(ReadOnlySpan<float> samples)
    {
        var logMel = new float[FramesIn(samples.Length) * ClipTiming.MelBins];
        LogMel(samples, logMel);
        return logMel;
    }

    /// <summary>As <see cref="LogMel(ReadOnlySpan{float})"/>, into memory of the caller.</summary>
    /// <param name="samples">At least 433, 16 kHz.</param>
    /// <param name="logMel">[FramesIn(samples.Length), 64].</param>
    public static void LogMel(ReadOnlySpan<float> samples, Span<float> logMel)
    {
        Transform.Mel(samples, logMel);
        TensorPrimitives.Max(logMel, SilenceFloor.Magnitude, logMel);
        TensorPrimitives.Log(logMel, logMel);
    }
}
