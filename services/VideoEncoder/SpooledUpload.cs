using Rewas.Faults;

namespace Rewas.VideoEncoder;

/// <summary>
/// The uploaded file on disk, because most video formats must be read out of order: alone in a folder that only this user can enter, under
/// a name that the caller has no say in. Disposing deletes both.
/// </summary>
public sealed class SpooledUpload : IDisposable
{
    readonly PrivateFolder folder;

    SpooledUpload(PrivateFolder folder) => this.folder = folder;

    public string Path => folder.File("video");

    /// <summary>Writes an upload to disk. When it fails or is cancelled, nothing stays.</summary>
    /// <param name="upload">The bytes.</param>
    /// <param name="temporaryFolder">Where to put the folder; null: the system's temporary folder.</param>
    /// <param name="cancellation">Of the call.</param>
    public static async Task<SpooledUpload> ReceiveAsync(Stream upload, string? temporaryFolder, CancellationToken cancellation)
    {
        var spooled = new SpooledUpload(PrivateFolder.Create(parent: temporaryFolder));
        try
        {
            await using var file = new FileStream(spooled.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
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
