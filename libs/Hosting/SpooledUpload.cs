using Rewas.Clip.Files;

namespace Rewas.Hosting;

/// <summary>
/// An uploaded file on disk. It is in a folder that only this user can enter, under a name that the caller cannot choose. Disposing
/// deletes both, and gives back the bytes that were counted for them.
/// </summary>
public sealed class SpooledUpload : IDisposable
{
    readonly PrivateFolder folder;
    readonly SharedBytes.Holding bytes;

    SpooledUpload(PrivateFolder folder, SharedBytes.Holding bytes) => (this.folder, this.bytes) = (folder, bytes);

    public string Path => folder.File("upload");

    /// <summary>Writes an upload to disk. On failure or cancellation, nothing is left behind.</summary>
    /// <param name="bytes">Counts the bytes before they are written.</param>
    /// <param name="temporaryFolder">Parent of the folder. Null: the system's temporary folder.</param>
    public static async Task<SpooledUpload> ReceiveAsync(
        UploadStream upload, SharedBytes.Holding bytes, string? temporaryFolder, CancellationToken cancellation)
    {
        var spooled = new SpooledUpload(PrivateFolder.Create(parent: temporaryFolder), bytes);
        try
        {
            await using var file = new FileStream(
                spooled.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            var part = new byte[1 << 16];
            while (await upload.ReadAsync(part, cancellation) is > 0 and var count)
            {
                bytes.Add(count);
                await file.WriteAsync(part.AsMemory(0, count), cancellation);
            }
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        folder.Dispose();
        bytes.Dispose();
    }
}
