using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Cover pictures as temporary files, because Matroska attaches them as files. Disposing deletes the files.</summary>
sealed class CoverFiles : IDisposable
{
    /// <summary>
    /// Most covers of a video that are attached, because each takes a run of ffmpeg. The others are left out, and
    /// <see cref="SideStreams.LeftOut"/> says so.
    /// </summary>
    public const int Most = 20;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    readonly PrivateFolder? folder;

    CoverFiles(PrivateFolder? folder) => this.folder = folder;

    /// <summary>In stream order.</summary>
    public List<string> Paths { get; } = [];

    public static bool CanHold(SideStream stream) => stream.Codec is "mjpeg" or "png";

    public static string MimeType(SideStream stream) => stream.Codec == "png" ? "image/png" : "image/jpeg";

    /// <summary>File names that players look for.</summary>
    public static string Name(SideStream stream) => stream.Codec == "png" ? "cover.png" : "cover.jpg";

    /// <summary>Extracts covers to files, bit for bit.</summary>
    /// <exception cref="InputFault">Invalid: a cover cannot be read.</exception>
    public static async Task<CoverFiles> WriteAsync(string video, IReadOnlyList<SideStream> covers, CancellationToken cancellation)
    {
        var files = new CoverFiles(covers.Count > 0 ? PrivateFolder.Create("rewas-cover-") : null);
        try
        {
            foreach (var cover in covers)
            {
                var file = files.folder!.File($"{files.Paths.Count}-{Name(cover)}");
                await WriteAsync(video, cover, file, cancellation);
                files.Paths.Add(file);
            }
        }
        catch
        {
            files.Dispose();
            throw;
        }
        return files;
    }

    public void Dispose() => folder?.Dispose();

    static async Task WriteAsync(string video, SideStream cover, string file, CancellationToken cancellation)
    {
        string[] arguments =
        [
            .. Ffmpeg.Common, "-y", .. Ffmpeg.Untrusted, .. PixelLimit.Usual, "-i", Ffmpeg.Argument(video), "-map", $"0:{cover.Index}",
            "-c", "copy", "-frames:v", "1", "-f", "image2", "-update", "1", Ffmpeg.Argument(file),
        ];
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, arguments, Limit, cancellation);
        process.Input.Close();
        try
        {
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid("video", $"its cover cannot be read: {failure.LastLine}", failure);
        }
    }
}
