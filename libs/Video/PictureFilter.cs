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

    /// <summary>
    /// Options before a file whose pictures may change their size on the way. ffmpeg would start its filters anew, and lose count of the
    /// frames; instead the scaler takes each picture as it comes. Deinterlacing and turning stand before it and cannot: with these ffmpeg
    /// starts anew.
    /// </summary>
    public static string[] ForChangingSizes(VideoFacts facts) => facts.Interlaced || facts.Rotation != 0 ? [] : ["-reinit_filter", "0"];

    /// <summary>Even sizes in the picture's proportions as shown, the shorter one as given.</summary>
    public static (int Width, int Height) ScaledSize(VideoFacts facts, int shorterSide) => SizeThatCovers(facts, shorterSide, shorterSide);

    /// <summary>The smallest even size in the picture's proportions as shown that covers the one given.</summary>
    public static (int Width, int Height) SizeThatCovers(VideoFacts facts, int width, int height)
    {
        var (shownWidth, shownHeight) = (facts.Width * facts.PixelAspect, (double)facts.Height);
        var scale = Math.Max(width / shownWidth, height / shownHeight);
        return (Even(shownWidth * scale, width), Even(shownHeight * scale, height));

        static int Even(double side, int atLeast) => Math.Max(2 * (int)Math.Round(side / 2), atLeast);
    }
}
