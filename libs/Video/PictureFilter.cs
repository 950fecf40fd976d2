using System.Globalization;
using Rewas.Networks;

namespace Rewas.Video;

/// <summary>
/// The ffmpeg filters from a file's pictures to the frames that the video encoder sees. Rotation has been applied by ffmpeg before them.
/// </summary>
static class PictureFilter
{
    /// <summary>
    /// Deinterlaced where flagged; first frame at time 0; 25 frames a second by timestamps (nearest, so that a frame rate that varies is
    /// honoured); shorter side to <see cref="ClipTiming.ResizeShorterSide"/>, pixels made square; centre crop.
    /// </summary>
    public static string Graph(VideoFacts facts, ClipTiming timing)
    {
        var (width, height) = ScaledSize(facts, timing.ResizeShorterSide);
        var deinterlace = facts.Interlaced ? "yadif=deint=interlaced," : "";
        var start = facts.Start.TotalSeconds.ToString("F7", CultureInfo.InvariantCulture);
        return $"{deinterlace}setpts=PTS-({start})/TB,fps={ClipTiming.FrameRate},scale={width}:{height},setsar=1,crop={timing.FrameSize}:{timing.FrameSize}";
    }

    /// <summary>Even sizes in the picture's proportions as shown, the shorter one as given.</summary>
    public static (int Width, int Height) ScaledSize(VideoFacts facts, int shorterSide)
    {
        var (width, height) = (facts.Width * facts.PixelAspect, (double)facts.Height);
        var scale = shorterSide / Math.Min(width, height);
        return (Even(width * scale), Even(height * scale));

        int Even(double side) => Math.Max(2 * (int)Math.Round(side / 2), shorterSide);
    }
}
