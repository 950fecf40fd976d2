using Rewas.Clip.Faults;
using Rewas.Library.Data;
using Rewas.Library.Indexing;
using Rewas.Library.Limits;
using Rewas.Library.Measuring;
using Rewas.Library.Scanning;
using Rewas.Library.Searching;

namespace Rewas.Library;

/// <summary>
/// A user's own recordings, indexed where they lie: found by words, by meaning, by what is heard, and by how they fit a picture. The
/// recordings and their folders are only read. All members may be used by several threads at once.
/// </summary>
public sealed class LibraryIndex : IDisposable
{
    const string Field = "library";

    readonly LibraryDatabase database;
    readonly FileTable table;
    readonly SoundSearch search;
    readonly Lazy<SoundSpace?> space;
    readonly LibraryLimits limits;

    LibraryIndex(LibraryDatabase database, Func<SoundSpace?>? space, LibraryLimits? limits)
    {
        (this.database, table, this.limits, this.space) = (database, new(database), limits ?? new(), new(space ?? (() => null)));
        search = new(database, () => this.space.Value);
    }

    /// <summary>Opens the index in a folder; creates it where there is none.</summary>
    /// <param name="folder">Usually <see cref="LibraryPlace.Folder"/>.</param>
    /// <param name="space">Makes the space in which words and sounds are compared, when it is first needed; null, or a null of it: by words
    /// alone.</param>
    /// <param name="limits">What recordings may be.</param>
    /// <exception cref="InputFault">The folder cannot be written, or holds another's index.</exception>
    public static LibraryIndex Open(string folder, Func<SoundSpace?>? space = null, LibraryLimits? limits = null) =>
        new(new(folder), space, limits);

    /// <summary>The file of the index.</summary>
    public string Path => database.Path;

    /// <summary>Folders that were indexed.</summary>
    public IReadOnlyList<string> Folders => table.Folders();

    /// <summary>
    /// Takes in what is new or changed below folders, and notes what is gone. What was stored before an end by force or cancellation stays.
    /// </summary>
    /// <param name="folders">As the user names them; none: all that were indexed before and are there.</param>
    /// <param name="progress">Is told how far it is, and each file that is refused. Called by several threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputFault">A folder does not exist, or the index cannot be written.</exception>
    public Task<IndexReport> IndexAsync(IReadOnlyList<string> folders, IProgress<IndexProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var chosen = folders.Count > 0 ? folders : [.. Folders.Where(Directory.Exists)];
        return chosen.Count > 0
            ? new IndexRun(table, space.Value, limits, progress).RunAsync(chosen, cancellation)
            : throw InputFault.Invalid("folder", "must be given: no folder was indexed before that is there");
    }

    /// <summary>Recordings by words, the best first.</summary>
    /// <param name="words">What is to be heard.</param>
    /// <param name="limit">Most results, 1 to 1000.</param>
    public IReadOnlyList<FoundSound> Search(string words, int limit) => Search(new SearchQuery { Words = words, Limit = limit });

    /// <summary>Recordings by words, a picture's curve, or both, the best first.</summary>
    /// <exception cref="InputFault">The query is wrong; tells everything that is.</exception>
    public IReadOnlyList<FoundSound> Search(SearchQuery query, CancellationToken cancellation = default) =>
        search.Find(query, cancellation);

    /// <summary>Loads what a search needs, networks and vectors, so that the next one does not wait for it.</summary>
    public void Warm() => Search("a sound", 1);

    /// <summary>Recordings in the order of their paths, missing ones too.</summary>
    /// <param name="after">Those after this path; empty: from the first on.</param>
    /// <param name="most">As many at most, 1 to 10,000.</param>
    public IReadOnlyList<IndexedSound> List(string after, int most)
    {
        InputFault.ThrowUnlessInRange("most", most, 1, 10_000);
        return database.Use(opened => SoundList.Page(opened, after, most));
    }

    /// <summary>Files that were refused, in the order of their paths.</summary>
    public IReadOnlyList<RefusedFile> Refused() =>
        [.. table.Refused().OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new RefusedFile(file.Key, file.Value.Reason))];

    /// <summary>Takes recordings out of the index; their files stay.</summary>
    /// <param name="paths">Of files, or of folders with all below them. They need not exist.</param>
    /// <returns>How many recordings.</returns>
    /// <exception cref="InputFault">NotFound: nothing of a path is in the index.</exception>
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

    /// <summary>Takes out the recordings that are not there any more.</summary>
    /// <returns>How many.</returns>
    public int ForgetMissing() => table.ForgetMissing();

    public void Dispose() => search.Dispose();
}
