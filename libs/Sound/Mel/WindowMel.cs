using Rewas.Clip;

namespace Rewas.Sound.Mel;

/// <summary>
/// The log mel of a long sound, window by window. Each window has the values of <see cref="MelSpectrogram.LogMel(ReadOnlySpan{float})"/>
/// of the whole sound, with silence after its end, but takes the memory of one.
/// </summary>
public static class WindowMel
{
    /// <summary>Whole hops on each side that the frames of a window reach: more than the 432 samples of a frame's padding.</summary>
    const int ContextFrames = 3;

    /// <param name="samples">Mono at 16 kHz, [T].</param>
    /// <param name="window">Index of the window, from 0.</param>
    /// <param name="windows">Number of windows that the sound fills.</param>
    /// <returns>[512, 64].</returns>
    public static float[] LogMel(ReadOnlySpan<float> samples, int window, int windows)
    {
        // At the start and the end of the whole sound, its own mirrored padding applies.
        var (before, after) = (window > 0 ? ContextFrames : 0, window < windows - 1 ? ContextFrames : 0);
        var from = (long)window * ClipTiming.SamplesPerWindow - before * ClipTiming.HopSamples;
        var part = new float[ClipTiming.SamplesPerWindow + (before + after) * ClipTiming.HopSamples];
        var count = (int)Math.Clamp(samples.Length - from, 0, part.Length);
        if (count > 0)
            samples.Slice((int)from, count).CopyTo(part);
        var logMel = MelSpectrogram.LogMel(part);
        return logMel[(before * ClipTiming.MelBins)..((before + ClipTiming.MelFramesPerWindow) * ClipTiming.MelBins)];
    }
}
