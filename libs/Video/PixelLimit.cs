using System.Globalization;

namespace Rewas.Video;

/// <summary>
/// Options with the most pixels that ffmpeg decodes in one picture. A checked header is not enough: any later picture may state another
/// size, and so may a cover.
/// </summary>
static class PixelLimit
{
    /// <summary>Before an input whose pictures are not wanted, or not known yet.</summary>
    public static string[] Usual => Option(new VideoLimits().MaxPixels);

    /// <summary>
    /// Before a video with known facts. Browsers and video calls record changing picture sizes, and the limit applies to all of them.
    /// Codecs round sizes up to their blocks.
    /// </summary>
    public static string[] Of(VideoFacts facts)
    {
        const int LargestBlock = 128, ScratchRows = 512;                     // MPEG-2 counts the rows of its scratch buffer as a picture
        var first = (long)(facts.Width + LargestBlock) * Math.Max(facts.Height + LargestBlock, ScratchRows);
        return Option(Math.Max(new VideoLimits().MaxPixels, first));
    }

    static string[] Option(long pixels) => ["-max_pixels", pixels.ToString(CultureInfo.InvariantCulture)];
}
