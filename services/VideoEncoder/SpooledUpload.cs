using Rewas.Clip.Files;

namespace Rewas.VideoEncoder;

/// <summary>
/// An uploaded file on disk, because most video formats need random access. It is in a folder that only this user can enter, under a name
/// that the caller cannot choose. Disposing deletes both.
/// </summary>
public sealed class SpooledUpload : IDisposable
{
    readonly PrivateFolder folder;

    SpooledUpload(PrivateFolder folder) => this.folder = folder;

    public string Path => folder.File("video");

    /// <summary>Writes an upload to disk. On failure or cancellation, nothing is left behind.</summary>
    /// <param name="temporaryFolder">Parent of the folder. Null: the system's temporary folder.</param>
    public static async Task<SpooledUpload> ReceiveAsync(Stream upload, string? temporaryFolder, CancellationToken cancellation)
    {
        var spooled = new SpooledUpload(PrivateFolder.Create(parent: temporaryFolder));
        try
        {
            await using var file = new FileStream(
                spooled.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            await upload.CopyToAsync(file, 1 << 16, cancellation);
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    public void Dispose() => folder.Dispose();
}
