using Rewas.Clip;
using Rewas.Evaluation.Metrics;
using Rewas.Video;

namespace Rewas.Evaluation.Motion;

/// <summary>Motion of a video's picture over time.</summary>
public static class MotionCurve
{
    /// <summary>Picture size of the published video encoder.</summary>
    static readonly ClipTiming Timing = new();
    static readonly VideoLimits Limits = new() { MaxDuration = TimeSpan.MaxValue, MaxPixels = long.MaxValue, MaxFileBytes = long.MaxValue };

    /// <summary>
    /// Mean length of the optical flow into each frame at 25 frames per second, in pixels of a 224-pixel picture. The first value repeats
    /// the second frame's. For its peaks, see <see cref="AudioVideoAlignment.MotionPeaks"/>.
    /// </summary>
    /// <exception cref="Rewas.Clip.Faults.InputFault">The video cannot be decoded.</exception>
    public static async Task<IReadOnlyList<double>> ReadAsync(string video, CancellationToken cancellation)
    {
        var facts = await VideoProbe.ReadAsync(video, Limits, cancellation);
        var motion = new List<double>();
        GreyPicture? before = null;
        await foreach (var frame in FrameReader.ReadAsync(video, facts, Timing, cancellation))
        {
            var now = GreyPicture.OfRgb(frame.Span, Timing.FrameSize, Timing.FrameSize);
            if (before is not null)
                motion.Add(OpticalFlow.MeanLength(before, now));
            before = now;
        }
        return motion.Count > 0 ? [motion[0], .. motion] : [];
    }
}
