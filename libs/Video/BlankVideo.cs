using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>A small black video, for sound without a picture.</summary>
public static class BlankVideo
{
    /// <summary>The name of such a video where a file name is shown.</summary>
    public const string Name = "blank.mp4";

    /// <summary>A frame lasts as long as a value of the energy curve, so that any curve has a video of its length.</summary>
    const int FramesPerSecond = 100;

    const int Side = 16;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Writes an MP4 file.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="duration">Rounded to 10 ms; at least two frames.</param>
    /// <exception cref="InputFault">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, TimeSpan duration, CancellationToken cancellation = default)
    {
        var frames = Math.Max(2, (long)Math.Round(duration.TotalSeconds * FramesPerSecond));
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", "-f", "lavfi", "-i", $"color=black:size={Side}x{Side}:rate={FramesPerSecond}",
            "-frames:v", FormattableString.Invariant($"{frames}"), "-c:v", "mpeg4", "-g", $"{FramesPerSecond}", "-f", "mp4",
            Ffmpeg.Argument(path),
        ];
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, Limit, cancellation);
        process.Input.Close();
        try
        {
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Environment("duration", $"a black video cannot be written: {failure.LastLine}", failure);
        }
    }
}
