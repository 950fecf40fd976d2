using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// A recording that was never finished because its program or machine stopped. It has no index, and its last part may be missing.
/// </summary>
public static class UnfinishedRecording
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Copies the existing packets into an .mkv with an index. Nothing is encoded.</summary>
    /// <param name="path">The recording, in a container that can be read from its start: Matroska, WebM, MPEG-TS, FLV, AVI.</param>
    /// <param name="output">Path of the .mkv.</param>
    /// <exception cref="InputFault">Invalid: nothing of it can be read.</exception>
    public static Task ToVideoAsync(string path, string output, CancellationToken cancellation = default)
    {
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", .. Ffmpeg.Untrusted, .. PixelLimit.Usual, "-fflags", "+genpts+discardcorrupt",
            "-i", Ffmpeg.Argument(path), "-map", "0:V:0", "-map", "0:a?", "-c", "copy", "-f", "matroska",
            Ffmpeg.Argument(output),
        ];
        return Animation.RunAsync(
            arguments, Limit,
            failure => InputFault.Invalid("video", $"nothing of the recording can be read: {failure.LastLine}", failure), cancellation);
    }
}
