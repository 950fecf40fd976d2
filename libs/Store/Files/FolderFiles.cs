using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Store.Settings;

namespace Rewas.Store.Files;

/// <summary>Keeps files in a folder that only this user can enter.</summary>
public sealed class FolderFiles(IOptions<StoreOptions> options) : IStoredFiles
{
    const string Folder = "files";

    readonly string folder = Path.Combine(options.Value.FolderPath(), Folder);

    public async Task StoreAsync(string key, string path, CancellationToken cancellation)
    {
        var place = PathOf(key);
        PrivateFolder.CreateKept(Path.GetDirectoryName(place)!);
        using var partial = PartialFile.Create(place, "file");
        await using (var from = File.OpenRead(path))
        await using (var to = new FileStream(partial.Path, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            await from.CopyToAsync(to, cancellation);
            to.Flush(flushToDisk: true);                                     // on disk before the database refers to it
        }
        partial.Complete();
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

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        if (Directory.Exists(Path.GetDirectoryName(PathOf(key))))
            File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    string PathOf(string key) => Path.Combine(folder, key);
}
