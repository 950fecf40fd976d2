using Rewas.Clip;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>
/// The decoded frame at each of the 16 places of every segment. Before the video has ended, a segment is ready once its last frame is
/// decoded. After the end, places past it are filled with existing frames.
/// </summary>
public sealed class SegmentPlan(ClipTiming timing, int windows)
{
    /// <summary>Number of segments in all windows.</summary>
    public int Segments => windows * timing.SegmentsPerWindow;

    /// <summary>Number of newest frames to keep, which is how far back any segment reaches.</summary>
    public int FramesKept { get; } = ClipTiming.FramesPerWindow
        + Math.Max(0, timing.FirstFrame + (timing.SegmentsPerWindow - 1) * timing.SegmentStride + ClipTiming.SegmentFrames
            - ClipTiming.FramesPerWindow);

    public (int Window, int Segment) PlaceOf(int index) => (index / timing.SegmentsPerWindow, index % timing.SegmentsPerWindow);

    /// <summary>Whether a segment is the last of its window.</summary>
    public bool EndsWindow(int index) => index % timing.SegmentsPerWindow == timing.SegmentsPerWindow - 1;

    /// <summary>
    /// Whether all frames of a segment are among the first <paramref name="decoded"/> frames. The last segment of a window also needs the
    /// frames that reveal its cuts.
    /// </summary>
    public bool IsReady(int index, long decoded)
    {
        var (window, segment) = PlaceOf(index);
        return timing.SegmentStart(window, segment) + ClipTiming.SegmentFrames <= decoded
            && (!EndsWindow(index) || (window + 1L) * ClipTiming.FramesPerWindow + SceneCuts.Lookahead <= decoded);
    }

    /// <summary>Frame of the video at a place of a segment.</summary>
    /// <param name="index">Index of the segment over all windows, from 0.</param>
    /// <param name="place">0 to 15.</param>
    /// <param name="frames">Frames of the whole video if it has ended; otherwise more than the segment reaches.</param>
    public long FrameAt(int index, int place, long frames)
    {
        var (window, segment) = PlaceOf(index);
        var frame = timing.SegmentStart(window, segment) + place;
        if (frame < frames)
            return frame;
        var first = (long)window * ClipTiming.FramesPerWindow;
        return timing.TokenLayout == TokenLayout.EndToEnd && first < frames
            ? first + (frame - first) % (frames - first)                     // the published pipeline repeats a short clip
            : frames - 1;
    }
}
