using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Store.Settings;

namespace Rewas.Store.Files;

/// <summary>Keeps files in a folder that only this user can enter.</summary>
public sealed class FolderFiles : IStoredFiles
{
    const string Folder = "files", Incoming = "incoming";

    /// <summary>A file that has been on its way for so long belongs to a process that was killed.</summary>
    static readonly TimeSpan LongestArrival = TimeSpan.FromHours(1);

    readonly string folder, incoming;

    public FolderFiles(IOptions<StoreOptions> options)
    {
        (folder, incoming) = (
            Path.Combine(options.Value.FolderPath(), Folder), Path.Combine(options.Value.FolderPath(), Incoming));
        DeleteLeftOvers();
    }

    public async Task StoreAsync(string key, string path, CancellationToken cancellation)
    {
        var place = PathOf(key);
        PrivateFolder.CreateKept(incoming);
        var arriving = Path.Combine(incoming, Guid.NewGuid().ToString("n"));
        try
        {
            await using (var from = File.OpenRead(path))
            await using (var to = new FileStream(arriving, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await from.CopyToAsync(to, cancellation);
                to.Flush(flushToDisk: true);                                 // on disk before the database refers to it
            }
            MoveIntoPlace(arriving, place);
        }
        finally
        {
            File.Delete(arriving);
        }
    }

    public Task<Stream> OpenAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                PathOf(key),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputFault.NotFound("file", $"'{key}' is not in the store any more", e);
        }
    }

    /// <summary>A folder goes with its last file.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        for (var at = Path.GetDirectoryName(PathOf(key))!; at.Length > folder.Length; at = Path.GetDirectoryName(at)!)
            try
            {
                Directory.Delete(at);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                break;                                                       // it has other files
            }
        return Task.CompletedTask;
    }

    /// <summary>The place's folder may be deleted as soon as it is made, because another file was its last one.</summary>
    static void MoveIntoPlace(string arriving, string place)
    {
        const int MostAttempts = 1000;
        for (var attempt = 1; ; attempt++)
            try
            {
                PrivateFolder.CreateKept(Path.GetDirectoryName(place)!);
                File.Move(arriving, place, overwrite: true);
                return;
            }
            catch (IOException failure) when (attempt < MostAttempts && File.Exists(arriving) && !FileFault.Of(failure).IsOfMachine)
            {
                // The folder went between two steps: making it says that it exists, or moving says that it does not.
            }
    }

    string PathOf(string key) => Path.Combine(folder, key);

    /// <summary>Other processes may store files in the same folder meanwhile, so only old ones are deleted.</summary>
    void DeleteLeftOvers()
    {
        if (!Directory.Exists(incoming))
            return;
        foreach (var file in new DirectoryInfo(incoming).GetFiles())
            if (DateTime.UtcNow - file.LastWriteTimeUtc > LongestArrival)
                try
                {
                    file.Delete();
                }
                catch (Exception failure) when (FileFault.IsExpected(failure))
                {
                    // The next start tries again.
                }
    }
}
