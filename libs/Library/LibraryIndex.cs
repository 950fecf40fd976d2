using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Library.Data;
using Rewas.Library.Indexing;
using Rewas.Library.Limits;
using Rewas.Library.Measuring;
using Rewas.Library.Scanning;
using Rewas.Library.Searching;

namespace Rewas.Library;

/// <summary>
/// An index of the user's own recordings, which stay where they are. It finds them by words, by meaning, by sound, and by how they fit a
/// picture. Recordings and folders are only read. All members are thread-safe.
/// </summary>
public sealed class LibraryIndex : IDisposable
{
    const string Field = "library";

    readonly LibraryDatabase database;
    readonly FileTable table;
    readonly SoundSearch search;
    readonly LoadedOnce<SoundSpace?> space;
    readonly LibraryLimits limits;

    LibraryIndex(LibraryDatabase database, Func<SoundSpace?>? space, LibraryLimits? limits)
    {
        (this.database, table, this.limits, this.space) = (database, new(database), limits ?? new(), new(space ?? (() => null)));
        search = new(database, () => this.space.Value);
    }

    /// <summary>Opens the index in a folder, or creates it.</summary>
    /// <param name="folder">Usually <see cref="LibraryPlace.Folder"/>.</param>
    /// <param name="space">Makes the space that compares words with sounds, on first use. If it or its result is null, only words are
    /// compared.</param>
    /// <param name="limits">Limits for recordings.</param>
    /// <exception cref="InputFault">The folder cannot be written, or holds another program's file.</exception>
    public static LibraryIndex Open(string folder, Func<SoundSpace?>? space = null, LibraryLimits? limits = null) =>
        new(new(folder), space, limits);

    /// <summary>The file of the index.</summary>
    public string Path => database.Path;

    /// <summary>The indexed folders.</summary>
    public IReadOnlyList<string> Folders => table.Folders();

    /// <summary>
    /// Adds new and changed recordings below folders, and marks missing ones. Recordings that were stored before a crash or a cancellation
    /// are kept.
    /// </summary>
    /// <param name="folders">Folders; if empty, all folders that were indexed before and still exist.</param>
    /// <param name="progress">Receives the progress and each refused file. Several threads call it.</param>
    /// <exception cref="InputFault">A folder does not exist, or the index cannot be written.</exception>
    public Task<IndexReport> IndexAsync(IReadOnlyList<string> folders, IProgress<IndexProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var chosen = folders.Count > 0 ? folders : [.. Folders.Where(Directory.Exists)];
        return chosen.Count > 0
            ? new IndexRun(table, space.Value, limits, progress).RunAsync(chosen, cancellation)
            : throw InputFault.Invalid("folder", "must be given: no folder was indexed before that is there");
    }

    /// <summary>Finds recordings by words, the best first.</summary>
    /// <param name="limit">Most results, 1 to 1000.</param>
    public IReadOnlyList<FoundSound> Search(string words, int limit) => Search(new SearchQuery { Words = words, Limit = limit });

    /// <summary>Finds recordings by words, by a picture's curve, or by both, the best first.</summary>
    /// <exception cref="InputFault">Lists every fault of the query.</exception>
    public IReadOnlyList<FoundSound> Search(SearchQuery query, CancellationToken cancellation = default) =>
        search.Find(query, cancellation);

    /// <summary>The recording with a hash; null if the index has none whose file exists.</summary>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    public IndexedSound? Find(string sha256) => database.Use(opened => SoundList.Find(opened, sha256));

    /// <summary>Opens the file of a recording for reading, if it is the one that was indexed.</summary>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <exception cref="InputFault">
    /// NotFound: there is none, it has changed since, or it is now a link that leads out of the indexed folders.
    /// </exception>
    public FileStream OpenFile(string sha256, out IndexedSound sound)
    {
        foreach (var (found, bytes, modified) in database.Use(opened => SoundList.Files(opened, sha256)))
            if (OpenUnchanged(found.Path, bytes, modified) is { } file)
            {
                sound = found;
                return file;
            }
        throw InputFault.NotFound("sha256", "the library has no recording with this hash, or its file is missing or has changed");
    }

    FileStream? OpenUnchanged(string path, long bytes, long modified)
    {
        try
        {
            var target = System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (!Folders.Any(folder => Scanning.FolderScan.IsBelow(target, folder)))
                return null;
            var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
            if (file.Length == bytes && System.IO.File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks == modified)
                return file;
            file.Dispose();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Loads the networks and vectors of a search, so that the next search does not wait for them.</summary>
    public void Warm() => Search("a sound", 1);

    /// <summary>Recordings in the order of their paths, including missing ones.</summary>
    /// <param name="after">Only paths after this one; empty for all.</param>
    /// <param name="most">Most recordings to return, 1 to 10,000.</param>
    public IReadOnlyList<IndexedSound> List(string after, int most)
    {
        InputFault.ThrowUnlessInRange("most", most, 1, 10_000);
        return database.Use(opened => SoundList.Page(opened, after, most));
    }

    /// <summary>Refused files in the order of their paths.</summary>
    public IReadOnlyList<RefusedFile> Refused() =>
        [.. table.Refused().OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new RefusedFile(file.Key, file.Value.Reason))];

    /// <summary>Removes recordings from the index. Their files stay.</summary>
    /// <param name="paths">Files, or folders with everything below them. They need not exist.</param>
    /// <returns>Number of recordings.</returns>
    /// <exception cref="InputFault">NotFound: the index has nothing at or below a path.</exception>
    public int Forget(IReadOnlyList<string> paths)
    {
        string[] full = [.. paths.Select(path =>
            path.Length > 0 && !path.Contains('\0') ? System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path))
            : throw InputFault.Invalid("path", "must be given"))];
        var known = table.Known(null).Keys.Concat(Folders).Concat(table.Refused().Keys).ToList();
        InputFault.ThrowIfAny([.. full.Where(path => !known.Any(file => Scanning.FolderScan.IsBelow(file, path)))
            .Select(path => InputFault.NotFound(Field, $"'{path}' is not in the index"))]);
        return table.Forget(full);
    }

    /// <summary>Removes missing recordings.</summary>
    /// <returns>Number of recordings.</returns>
    public int ForgetMissing() => table.ForgetMissing();

    public void Dispose() => search.Dispose();
}
