using System.Numerics.Tensors;
using Rewas.Clip;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Sound.Curves;

/// <summary>The energy of a recording, in the form that the denoiser was trained with.</summary>
public static class RecordingEnergy
{
    /// <summary>One value per 10 ms of the recording.</summary>
    /// <param name="samples">[T] mono at 16 kHz. The mean is removed and the peak scaled to 0.5, in place.</param>
    public static EnergyCurve Of(float[] samples, ClipTiming timing)
    {
        Loudness.NormaliseForTraining(samples);
        var windows = Math.Max(1, ClipTiming.WindowsFor(samples.Length));
        var energy = new float[windows * ClipTiming.MelFramesPerWindow];
        for (var window = 0; window < windows; window++)
            Energy.OfLogMel(WindowMel.LogMel(samples, window, windows)).CopyTo(energy, window * ClipTiming.MelFramesPerWindow);
        HoldEnd(energy, samples.Length);
        foreach (var window in energy.Chunk(ClipTiming.MelFramesPerWindow).Index())
            Energy.Control(window.Item, timing).CopyTo(energy, window.Index * ClipTiming.MelFramesPerWindow);
        TensorPrimitives.Clamp(energy, EnergyScale.Silence, EnergyScale.Loudest, energy);
        var lasting = Math.Max(1, (samples.Length + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples);
        return EnergyCurve.Of(energy.AsSpan(0, lasting));
    }

    /// <summary>
    /// The last frame that lies within the recording goes on after it. What follows a recording is not silence, so neither the transform
    /// nor the smoothing may let its end fall.
    /// </summary>
    static void HoldEnd(Span<float> energy, int samples)
    {
        var last = Math.Max(0, (samples - MelSpectrogram.FrameReach) / ClipTiming.HopSamples);
        energy[(last + 1)..].Fill(energy[last]);
    }
}
