using System.Numerics.Tensors;

namespace Rewas.Sound.Mel;

/// <summary>
/// Melception's input: a mel spectrogram in decibels scaled to 0 to 1, (20 log10(max(x, 1e-5)) + 80) / 100. Magnitude spectrum at 22,050
/// Hz, Hann frames of 1024 samples centred on every 256th sample (reflect padding 512), 80 Slaney bins from 125 to 7600 Hz.
/// </summary>
/// <remarks>Matches SpecVQGAN (Iashin and Rahtu, 2021, arXiv 2110.08791). Thread-safe.</remarks>
public static class MelceptionMelSpectrogram
{
    public const int SampleRate = 22_050;
    public const int HopSamples = 256;
    public const int MelBins = 80;

    const int FrameSamples = 1024;
    const float SilenceMagnitude = 1e-5f;

    static readonly MelSettings Settings = new(
        SampleRate, FrameSamples, HopSamples, PaddingSamples: FrameSamples / 2, MelBins,
        LowestHertz: 125, HighestHertz: 7600, OfPower: false);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>One frame for the first sample and one for each whole hop.</summary>
    public static int FramesIn(int samples) => Settings.FramesIn(samples);

    /// <summary>Mel of a waveform: [FramesIn(samples.Length), 80], row-major, 0 to 1.</summary>
    /// <param name="samples">At least 513, 22,050 Hz.</param>
    public static float[] Mel(ReadOnlySpan<float> samples)
    {
        var mel = new float[FramesIn(samples.Length) * MelBins];
        Transform.Mel(samples, mel);
        TensorPrimitives.Max(mel, SilenceMagnitude, mel);
        TensorPrimitives.Log10(mel, mel);
        TensorPrimitives.Multiply(mel, 0.2f, mel);
        TensorPrimitives.Add(mel, 0.8f, mel);
        TensorPrimitives.Clamp(mel, 0, 1, mel);
        return mel;
    }
}
