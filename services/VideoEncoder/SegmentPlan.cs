using Rewas.Networks;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>
/// Which decoded frame each segment sees at each of its 16 places. Until the video has ended, a segment is ready once its last
/// frame is decoded; after the end, places beyond it are filled from what there is.
/// </summary>
/// <param name="timing">How the bundle cuts time.</param>
/// <param name="windows">Windows to cover.</param>
public sealed class SegmentPlan(ClipTiming timing, int windows)
{
    /// <summary>Segments in all.</summary>
    public int Segments => windows * timing.SegmentsPerWindow;

    /// <summary>Frames that any segment can reach back to: so many of the newest must be kept.</summary>
    public int FramesKept { get; } = ClipTiming.FramesPerWindow
        + Math.Max(0, timing.FirstFrame + (timing.SegmentsPerWindow - 1) * timing.SegmentStride + ClipTiming.SegmentFrames - ClipTiming.FramesPerWindow);

    public (int Window, int Segment) PlaceOf(int index) => (index / timing.SegmentsPerWindow, index % timing.SegmentsPerWindow);

    /// <summary>Whether a segment is the last of its window.</summary>
    public bool EndsWindow(int index) => index % timing.SegmentsPerWindow == timing.SegmentsPerWindow - 1;

    /// <summary>Whether all frames of a segment are among the first <paramref name="decoded"/> frames, and with the last one of a window those that tell its cuts.</summary>
    public bool IsReady(int index, long decoded)
    {
        var (window, segment) = PlaceOf(index);
        return timing.SegmentStart(window, segment) + ClipTiming.SegmentFrames <= decoded
            && (!EndsWindow(index) || (window + 1L) * ClipTiming.FramesPerWindow + SceneCuts.Lookahead <= decoded);
    }

    /// <summary>Frame of the video at a place of a segment.</summary>
    /// <param name="index">Segment, from 0, over all windows.</param>
    /// <param name="place">0 to 15.</param>
    /// <param name="frames">Frames of the whole video if it has ended; more than the segment reaches if not.</param>
    public long FrameAt(int index, int place, long frames)
    {
        var (window, segment) = PlaceOf(index);
        var frame = timing.SegmentStart(window, segment) + place;
        if (frame < frames)
            return frame;
        var first = (long)window * ClipTiming.FramesPerWindow;
        return timing.TokenLayout == TokenLayout.EndToEnd && first < frames
            ? first + (frame - first) % (frames - first)                     // the published pipeline repeats a clip that is too short
            : frames - 1;
    }
}
