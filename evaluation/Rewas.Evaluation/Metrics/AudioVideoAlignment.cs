using Rewas.Audio;

namespace Rewas.Evaluation;

/// <summary>
/// AV-align (Yariv et al. 2023, "TempoTokens", arXiv 2309.16429): how many peaks of motion and of sound fall together, as intersection over
/// union. From 0 to 1.
/// </summary>
public static class AudioVideoAlignment
{
    /// <summary>Motion below this is no peak: pixels a frame.</summary>
    public const double LeastMotion = 0.1;

    /// <summary>Peaks of a curve of motion: values that exceed both neighbours and are at least <see cref="LeastMotion"/>, in seconds.</summary>
    /// <param name="motion">Mean length of the optical flow into each frame, pixels; the first value repeats the second frame's.</param>
    /// <param name="frameRate">Frames a second.</param>
    public static IReadOnlyList<double> MotionPeaks(IReadOnlyList<double> motion, double frameRate) =>
        [.. Enumerable.Range(1, Math.Max(0, motion.Count - 2))
            .Where(i => motion[i] > motion[i - 1] && motion[i] > motion[i + 1] && motion[i] >= LeastMotion)
            .Select(i => i / frameRate)];

    /// <summary>Peaks of a sound: its onsets as published, with librosa's defaults, in seconds.</summary>
    public static IReadOnlyList<double> SoundPeaks(Waveform wave) =>
        [.. OnsetDetection.Find(wave.At(OnsetSettings.TempoTokens.SampleRate).Samples, OnsetSettings.TempoTokens).Select(onset => onset.Seconds)];

    /// <summary>
    /// Each peak of the sound, in order, takes the first free peak of motion within a frame of it; pairs over all peaks.
    /// </summary>
    /// <returns>Null where there is neither a peak of sound nor one of motion.</returns>
    public static double? IntersectionOverUnion(IReadOnlyList<double> soundPeaks, IReadOnlyList<double> motionPeaks, double frameRate)
    {
        var free = motionPeaks.ToList();
        foreach (var sound in soundPeaks)
        {
            var match = free.FindIndex(motion => Math.Abs(motion - sound) < 1 / frameRate);
            if (match >= 0)
                free.RemoveAt(match);
        }
        var pairs = motionPeaks.Count - free.Count;
        var union = soundPeaks.Count + motionPeaks.Count - pairs;
        return union > 0 ? (double)pairs / union : null;
    }
}
