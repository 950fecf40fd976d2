using System.Globalization;
using Rewas.Clip;

namespace Rewas.Video;

/// <summary>
/// The ffmpeg filters that turn a file's pictures into the video encoder's frames. ffmpeg has already applied the rotation.
/// </summary>
static class PictureFilter
{
    /// <summary>
    /// Deinterlaces if flagged, moves the first frame to time 0, samples 25 frames per second by timestamps (nearest, which supports
    /// variable frame rates), scales the shorter side to <see cref="ClipTiming.ResizeShorterSide"/> with square pixels, and crops the
    /// centre.
    /// </summary>
    public static string Graph(VideoFacts facts, ClipTiming timing)
    {
        var (width, height) = ScaledSize(facts, timing.ResizeShorterSide);
        return $"{Sampled(facts)},scale={width}:{height},setsar=1,crop={timing.FrameSize}:{timing.FrameSize}";
    }

    /// <summary>The same frames, with the whole picture brought to a size: each pixel is the mean of an area.</summary>
    public static string Whole(VideoFacts facts, int width, int height) =>
        $"{Sampled(facts)},scale={width}:{height}:flags=area,setsar=1";

    static string Sampled(VideoFacts facts)
    {
        var deinterlace = facts.Interlaced ? "yadif=deint=interlaced," : "";
        var start = facts.Start.TotalSeconds.ToString("F7", CultureInfo.InvariantCulture);
        return $"{deinterlace}setpts=PTS-({start})/TB,fps={ClipTiming.FrameRate}";
    }

    /// <summary>
    /// Options before a file whose picture size may change. By default ffmpeg would restart its filters and lose count of the frames; with
    /// these options the scaler handles each picture. Deinterlacing and rotation precede the scaler and cannot handle changes, so with them
    /// ffmpeg restarts.
    /// </summary>
    public static string[] ForChangingSizes(VideoFacts facts) => facts.Interlaced || facts.Rotation != 0 ? [] : ["-reinit_filter", "0"];

    /// <summary>Even size with the shown aspect ratio and the given shorter side.</summary>
    public static (int Width, int Height) ScaledSize(VideoFacts facts, int shorterSide) => SizeThatCovers(facts, shorterSide, shorterSide);

    /// <summary>The smallest even size with the shown aspect ratio that covers the given size.</summary>
    public static (int Width, int Height) SizeThatCovers(VideoFacts facts, int width, int height)
    {
        var (shownWidth, shownHeight) = (facts.Width * facts.PixelAspect, (double)facts.Height);
        var scale = Math.Max(width / shownWidth, height / shownHeight);
        return (Even(shownWidth * scale, width), Even(shownHeight * scale, height));

        static int Even(double side, int atLeast) => Math.Max(2 * (int)Math.Round(side / 2), atLeast);
    }
}
