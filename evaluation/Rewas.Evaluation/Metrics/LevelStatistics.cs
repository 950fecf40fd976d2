using System.Numerics.Tensors;
using Rewas.Sound;
using Rewas.Sound.Levels;

namespace Rewas.Evaluation.Metrics;

/// <summary>Level of a clip and its technical quality.</summary>
/// <param name="IntegratedLoudness">LUFS after ITU-R BS.1770-4; null for silence. A clip shorter than 0.4 s is one block.</param>
/// <param name="PeakDecibels">Largest magnitude, dBFS; null for digital silence.</param>
/// <param name="RmsDecibels">Root mean square, dBFS; null for digital silence.</param>
/// <param name="ClippedShare">Share of samples at full scale, 0 to 1.</param>
public readonly record struct LevelStatistics(double? IntegratedLoudness, double? PeakDecibels, double? RmsDecibels, double ClippedShare)
{
    const float FullScale = 32_766 / 32_768f;                                // full scale of 16-bit files

    public static LevelStatistics Of(Waveform wave)
    {
        var samples = wave.Samples;
        var rms = Math.Sqrt(samples.Average(v => (double)v * v));
        return new(
            Loudness(wave),
            Decibels(Math.Abs(TensorPrimitives.MaxMagnitude<float>(samples))),
            Decibels(rms),
            (double)samples.Count(v => Math.Abs(v) >= FullScale) / samples.Length);
    }

    static double? Loudness(Waveform wave)
    {
        var meter = new LoudnessMeter(wave.SampleRate, channels: 1);
        meter.Add(wave.Samples);
        return meter.Integrated() is var level && double.IsFinite(level) ? level : null;
    }

    static double? Decibels(double magnitude) => magnitude > 0 ? 20 * Math.Log10(magnitude) : null;
}
