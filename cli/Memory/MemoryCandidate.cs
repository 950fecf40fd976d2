using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Video;

namespace Rewas.Cli.Memory;

/// <summary>A recording, trimmed to the part worth keeping.</summary>
/// <param name="Samples">Mono, 16 kHz, peak 0.5, trimmed of silence.</param>
/// <param name="LoudSeconds">Seconds of loud sound, the part that can be placed.</param>
sealed record MemoryCandidate(MemorySource Source, float[] Samples, double LoudSeconds)
{
    const int LongestSamples = 10 * ClipTiming.SampleRate;
    const double ReadSeconds = 120;
    const float SilenceRange = 6, LoudRange = 4;                             // nepers under the loudest frame
    const int Margin = 5;                                                    // frames that are kept round what is not silent

    /// <summary>Null if the recording is silent.</summary>
    public static async Task<MemoryCandidate?> ReadAsync(MemorySource source, CancellationToken cancel)
    {
        var samples = await SoundReader.ReadFloatsAsync(source.Path, TimeSpan.FromSeconds(ReadSeconds), cancel);
        if (samples.Length < MelSpectrogram.LeastSamples)
            return null;
        Loudness.NormaliseForTraining(samples);
        var energy = Energy.OfLogMel(MelSpectrogram.LogMel(samples));
        var loudest = TensorPrimitives.Max<float>(energy);
        if (loudest <= SilenceFloor.LogMel + 1)
            return null;
        var first = Array.FindIndex(energy, value => value > loudest - SilenceRange);
        var last = Array.FindLastIndex(energy, value => value > loudest - SilenceRange);
        var (start, end) = (
            Math.Max(0, first - Margin) * ClipTiming.HopSamples, Math.Min(samples.Length, (last + 1 + Margin) * ClipTiming.HopSamples));
        if (end - start > LongestSamples)
            (start, end) = Loudest(energy, start, end);
        var loud = 0;
        for (var frame = start / ClipTiming.HopSamples; frame < Math.Min(energy.Length, end / ClipTiming.HopSamples); frame++)
            loud += energy[frame] > loudest - LoudRange ? 1 : 0;
        return new(source, samples[start..end], loud * (double)ClipTiming.HopSamples / ClipTiming.SampleRate);
    }

    /// <summary>The ten seconds with the most energy.</summary>
    static (int Start, int End) Loudest(float[] energy, int start, int end)
    {
        const int Frames = LongestSamples / ClipTiming.HopSamples, Step = 50;
        var best = (Start: start, Energy: float.NegativeInfinity);
        for (
            var frame = start / ClipTiming.HopSamples; (frame + Frames) * ClipTiming.HopSamples <= end
                && frame + Frames <= energy.Length; frame += Step)
            if (TensorPrimitives.Sum<float>(energy.AsSpan(frame, Frames)) is var sum && sum > best.Energy)
                best = (frame * ClipTiming.HopSamples, sum);
        return (best.Start, Math.Min(end, best.Start + LongestSamples));
    }
}
