using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Animations in still-picture formats.</summary>
public enum AnimationFormat
{
    Gif,
    Apng,

    /// <summary>Recognised, but ffmpeg does not decode it.</summary>
    WebP,
}

/// <summary>Converts an animation to a video. No video container holds its frames as they are, so this picture alone is encoded.</summary>
public static class Animation
{
    /// <summary>Quality of x264 at which an animation looks unchanged.</summary>
    public const int ConstantRateFactor = 12;

    const int HeadBytes = 64 * 1024;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Detects the format from the file's first bytes, whatever its name.</summary>
    /// <returns>Null if the file is no animation.</returns>
    public static AnimationFormat? FormatOf(string path)
    {
        var head = new byte[HeadBytes];
        using var file = File.OpenRead(path);
        ReadOnlySpan<byte> read = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return read.StartsWith("GIF8"u8) ? AnimationFormat.Gif
            : read is [0x89, .. var png] && png.StartsWith("PNG\r\n"u8) ? (read.IndexOf("acTL"u8) > 0 ? AnimationFormat.Apng : null)
            : read.StartsWith("RIFF"u8) && read.Length > 20 && read[8..].StartsWith("WEBPVP8X"u8) && (read[20] & 2) != 0
                ? AnimationFormat.WebP
            : null;
    }

    /// <summary>
    /// Writes a GIF or APNG, played once, as an .mp4 with the same timing. Transparent areas become black, and odd sides grow by a pixel.
    /// </summary>
    /// <param name="longest">Encoding stops a second after this. The reader of the result refuses anything longer.</param>
    /// <param name="output">Path of the .mp4.</param>
    /// <exception cref="InputFault">Invalid: the animation cannot be decoded.</exception>
    public static async Task ToVideoAsync(string path, TimeSpan longest, string output, CancellationToken cancellation = default)
    {
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-protocol_whitelist", "file,pipe", "-format_whitelist", "gif,apng", .. PixelLimit.Usual,
            "-i", Ffmpeg.Argument(path), "-an",
            "-vf", "format=rgba,premultiply=inplace=1,format=rgb24,pad=ceil(iw/2)*2:ceil(ih/2)*2", "-fps_mode", "vfr",
            "-t", FormattableString.Invariant($"{longest.TotalSeconds + 1}"),
            "-c:v", "libx264", "-preset", "veryfast", "-crf", $"{ConstantRateFactor}", "-pix_fmt", "yuv420p",
            "-threads", Ffmpeg.Threads, "-f", "mp4", Ffmpeg.Argument(output),
        ];
        await RunAsync(
            arguments, Limit, failure => InputFault.Invalid("video", $"the animation cannot be decoded: {failure.LastLine}", failure),
            cancellation);
    }

    internal static async Task RunAsync(
        string[] arguments, TimeSpan limit, Func<MediaProcessException, InputFault> fault, CancellationToken cancellation)
    {
        await using var process = MediaProcess.Start(
            Ffmpeg.Locate().EncoderPath, arguments, limit, cancellation, Confinement.OfPictureEncoder);
        process.Input.Close();
        try
        {
            if (WrittenMedia.FailedWriting(await process.EndAsync()) is { } full)
                throw full;
        }
        catch (MediaProcessException failure)
        {
            throw WrittenMedia.FailedWriting(failure.Said) ?? fault(failure);
        }
    }
}
