using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Rewas.Sound.Mel;

namespace Rewas.Sound;

/// <summary>
/// Finds onsets as peaks of the spectral flux, the mean over mel bins of max(0, dB[t] - dB[t-1]). Follows librosa.onset.onset_detect, and
/// Böck and Widmer, "Maximum filter vibrato suppression for onset detection" (DAFx 2013), without the maximum filter.
/// </summary>
/// <remarks>
/// Librosa pads the ends with zeros. This class mirrors them and ignores a frame that reaches past the end, so that the edges of a clip are
/// not onsets.
/// </remarks>
public static class OnsetDetection
{
    const float LeastPower = 1e-10f;
    const float DynamicRangeDecibels = 80;                                   // bins this far below the clip's loudest count as silence

    static readonly ConcurrentDictionary<(int Rate, int Frame, int Hop, int Bins), MelTransform> Transforms = new();

    /// <summary>The onsets of a clip, in time order.</summary>
    /// <param name="samples">[T] at the rate of the settings, full scale 1.</param>
    /// <param name="settings">Default: 16 kHz, 10 ms frames.</param>
    public static IReadOnlyList<Onset> Find(ReadOnlySpan<float> samples, OnsetSettings? settings = null)
    {
        settings ??= new();
        var strength = Strength(samples, settings);
        return [.. Peaks(strength, settings).Select(frame => new Onset(frame / settings.FrameRate, strength[frame]))];
    }

    /// <summary>
    /// Onset strength of each frame: mean rise over the mel bins, dB, at the frame whose middle is the start of the change. One value per
    /// hop, T / hop + 1 in all; empty for a clip shorter than half a frame.
    /// </summary>
    /// <param name="samples">[T] at the rate of the settings, full scale 1.</param>
    /// <param name="settings">Default: 16 kHz, 10 ms frames.</param>
    public static float[] Strength(ReadOnlySpan<float> samples, OnsetSettings? settings = null)
    {
        settings ??= new();
        var mel = MelOf(settings);
        if (samples.Length < mel.MinimumSamples)
            return [];
        var frames = mel.FramesIn(samples.Length);
        var decibels = new float[frames * mel.MelBins];                      // [frames, bins]
        var transform = Transforms.GetOrAdd(
            (settings.SampleRate, settings.FrameSamples, settings.HopSamples, settings.MelBins), _ => new(mel));
        transform.Mel(samples, decibels);
        ToDecibels(decibels);

        var strength = new float[frames];
        var centring = settings.FrameSamples / (2 * settings.HopSamples);    // a frame's energy rises when its far end meets the sound
        Span<float> rise = stackalloc float[mel.MelBins];
        for (var frame = 1; frame * settings.HopSamples + settings.FrameSamples / 2 <= samples.Length; frame++)
        {
            var before = decibels.AsSpan((frame - 1) * mel.MelBins, mel.MelBins);
            TensorPrimitives.Subtract(decibels.AsSpan(frame * mel.MelBins, mel.MelBins), before, rise);
            TensorPrimitives.Max(rise, 0, rise);
            strength[frame + centring] = TensorPrimitives.Average<float>(rise);
        }
        return strength;
    }

    /// <summary>
    /// A peak is the largest frame of the last 30 ms, exceeds the mean of the 100 ms on either side by the threshold, and comes more than
    /// 30 ms after the previous peak.
    /// </summary>
    static List<int> Peaks(float[] strength, OnsetSettings settings)
    {
        var peaks = new List<int>();
        var lowest = strength.Length > 0 ? strength.Min() : 0;
        var scale = Math.Max(strength.Length > 0 ? strength.Max() - lowest : 0, settings.LeastPeakDecibels);
        if (scale <= 0)
            return peaks;
        var (near, far) = (settings.FramesIn(0.03), settings.FramesIn(0.1));
        for (var frame = 0; frame < strength.Length; frame++)
        {
            var recent = strength.AsSpan(Math.Max(0, frame - near)..(frame + 1));
            var round = strength.AsSpan(Math.Max(0, frame - far)..Math.Min(frame + far + 1, strength.Length));
            var least = TensorPrimitives.Average<float>(round) + settings.Threshold * scale;
            if (strength[frame] < TensorPrimitives.Max<float>(recent) || strength[frame] < least)
                continue;
            peaks.Add(frame);
            frame += near;
        }
        return peaks;
    }

    static MelSettings MelOf(OnsetSettings settings) => new(
        settings.SampleRate, settings.FrameSamples, settings.HopSamples, PaddingSamples: settings.FrameSamples / 2, settings.MelBins,
        LowestHertz: 0, HighestHertz: settings.SampleRate / 2.0, OfPower: true);

    /// <summary>Converts power to decibels in place, with a floor 80 dB below the clip's loudest bin.</summary>
    static void ToDecibels(Span<float> power)
    {
        TensorPrimitives.Max(power, LeastPower, power);
        TensorPrimitives.Log10(power, power);
        TensorPrimitives.Multiply(power, 10, power);
        TensorPrimitives.Max(power, TensorPrimitives.Max<float>(power) - DynamicRangeDecibels, power);
    }
}
