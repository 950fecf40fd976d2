using Rewas.Sound;

namespace Rewas.Evaluation.Metrics;

/// <summary>
/// AV-align (Yariv et al. 2023, "TempoTokens", arXiv 2309.16429): intersection over union of the peaks of motion and of sound. From 0 to 1.
/// </summary>
public static class AudioVideoAlignment
{
    /// <summary>Least motion of a peak, pixels per frame.</summary>
    public const double LeastMotion = 0.1;

    /// <summary>Peaks of a motion curve, seconds: values above both neighbours and at least <see cref="LeastMotion"/>.</summary>
    /// <param name="motion">Mean length of the optical flow into each frame, pixels. The first value repeats the second frame's.</param>
    /// <param name="frameRate">Frames per second.</param>
    public static IReadOnlyList<double> MotionPeaks(IReadOnlyList<double> motion, double frameRate) =>
        [.. Enumerable.Range(1, Math.Max(0, motion.Count - 2))
            .Where(i => motion[i] > motion[i - 1] && motion[i] > motion[i + 1] && motion[i] >= LeastMotion)
            .Select(i => i / frameRate)];

    /// <summary>Peaks of a sound, seconds: its onsets with librosa's defaults, as published.</summary>
    public static IReadOnlyList<double> SoundPeaks(Waveform wave) =>
        [
            .. OnsetDetection.Find(wave.At(OnsetSettings.TempoTokens.SampleRate).Samples, OnsetSettings.TempoTokens)
                .Select(onset => onset.Seconds),
        ];

    /// <summary>
    /// Number of pairs divided by the number of all peaks. Each peak of the sound, in order, is paired with the first free peak of motion
    /// within one frame.
    /// </summary>
    /// <returns>Null if there are no peaks at all.</returns>
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
