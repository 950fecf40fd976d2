using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.Video;
using SkiaSharp;

namespace Rewas.Cli.Arguments;

/// <summary>Converts a WebP animation to a video, because ffmpeg does not decode it.</summary>
static class WebPFrames
{
    /// <summary>The highest frame rate. Frame times are rounded to it.</summary>
    const int HighestRate = 60;

    const int MillisecondsPerSecond = 1000, BytesPerPixel = 4, UsualMilliseconds = 100;

    /// <param name="output">The .mp4 to write. It has a constant frame rate; frames repeat for as long as they are shown. Transparent
    /// pixels become black, and odd sides grow by one pixel.</param>
    /// <exception cref="InputFault">Invalid: it cannot be decoded. Exhausted: it exceeds a limit.</exception>
    public static async Task ToVideoAsync(string path, VideoLimits limits, string output, CancellationToken cancel)
    {
        using var codec = SKCodec.Create(path) ?? throw InputFault.Invalid("video", "the animation cannot be decoded");
        var (width, height, frames) = (codec.Info.Width, codec.Info.Height, codec.FrameInfo);
        if ((long)width * height > limits.MaxPixels)
            throw InputFault.Exhausted(
                "video", $"at most {limits.MaxPixels} pixels are accepted, but the picture has {width}x{height} = {(long)width * height}");
        int[] milliseconds = [.. frames.Select(frame => frame.Duration > 0 ? frame.Duration : UsualMilliseconds)];
        if (milliseconds.Sum(duration => (long)duration) is var lasts && lasts > limits.MaxDuration.TotalMilliseconds)
            throw InputFault.Exhausted(
                "video",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"at most {limits.MaxDuration.TotalSeconds:0.###} s are accepted, but it lasts {lasts / 1000.0:0.###} s "
                    + $"({limits.RaisedBy} raises the limit)"));
        var rate = Math.Min(HighestRate, (double)MillisecondsPerSecond / milliseconds.Aggregate(MillisecondsPerSecond, GreatestDivisor));

        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var bitmap = new SKBitmap(info);
        var (evenWidth, evenHeight) = (width + width % 2, height + height % 2);
        var rgb = new byte[evenWidth * evenHeight * 3];
        await using var writer =
            VideoWriter.Create(output, evenWidth, evenHeight, rate, Animation.ConstantRateFactor, cancellationToken: cancel);
        var (shown, written) = (0L, 0L);
        for (var i = 0; i < frames.Length; i++)
        {
            // A frame that only changes the previous one is painted over it. Any other frame is decoded with all frames that it requires.
            var options = frames[i].RequiredFrame == i - 1 && i > 0 ? new SKCodecOptions(i, i - 1) : new SKCodecOptions(i);
            if (codec.GetPixels(info, bitmap.GetPixels(), options) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
                throw InputFault.Invalid("video", $"frame {i + 1} of the animation cannot be decoded");
            Copy(bitmap.GetPixelSpan(), width, height, evenWidth, rgb);
            shown += milliseconds[i];
            for (var end = (long)Math.Round(shown * rate / MillisecondsPerSecond); written < end; written++)
                await writer.WriteFrameAsync(rgb);
        }
        await writer.CompleteAsync();
    }

    /// <param name="rgba">[height, width, 4] bytes, colours multiplied by their opacity.</param>
    /// <param name="evenWidth">Width of the video.</param>
    /// <param name="rgb">[even height, even width, 3] bytes.</param>
    static void Copy(ReadOnlySpan<byte> rgba, int width, int height, int evenWidth, byte[] rgb)
    {
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                rgba.Slice((y * width + x) * BytesPerPixel, 3).CopyTo(rgb.AsSpan((y * evenWidth + x) * 3));
    }

    static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
