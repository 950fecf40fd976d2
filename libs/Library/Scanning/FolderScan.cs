using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Limits;

namespace Rewas.Library.Scanning;

/// <summary>A recording found below a folder.</summary>
/// <param name="Root">The indexed folder.</param>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Modified">Time of its last change, ticks of UTC.</param>
sealed record ScannedFile(string Root, string Path, long Bytes, long Modified);

/// <summary>
/// The content of the indexed folders. Links are not followed: their target has a path of its own, or is outside the folder.
/// </summary>
sealed class FolderScan
{
    static readonly EnumerationOptions Everything =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    readonly LibraryLimits limits;
    readonly List<ScannedFile> files = [];
    readonly List<RefusedFile> refused = [];
    readonly List<string> unreadable = [];

    FolderScan(LibraryLimits limits) => this.limits = limits;

    public IReadOnlyList<ScannedFile> Files => files;

    /// <summary>Files that look like a recording, or refer to one, but are none.</summary>
    public IReadOnlyList<RefusedFile> Refused => refused;

    /// <summary>Folders that could not be read.</summary>
    public IReadOnlyList<string> Unreadable => unreadable;

    /// <summary>Number of files that are neither recordings nor refused.</summary>
    public int Others { get; private set; }

    /// <param name="roots">Full paths of folders, links resolved.</param>
    /// <exception cref="InputFault">There are too many files.</exception>
    public static FolderScan Of(IReadOnlyList<string> roots, LibraryLimits limits, CancellationToken cancellation)
    {
        var scan = new FolderScan(limits);
        foreach (var root in roots)
            scan.Walk(root, cancellation);
        return scan;
    }

    void Walk(string root, CancellationToken cancellation)
    {
        var open = new Stack<(string Folder, int Depth)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            cancellation.ThrowIfCancellationRequested();
            FileSystemInfo[] entries;
            try
            {
                entries = [.. new DirectoryInfo(next.Folder).EnumerateFileSystemInfos("*", Everything)];
            }
            catch (Exception failure) when (FileFault.IsExpected(failure))
            {
                unreadable.Add(next.Folder);
                refused.Add(new(next.Folder, FileFault.Reading("folder", next.Folder, failure).Message));
                continue;
            }
            foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
                Look(entry, root, next.Depth, open);
        }
    }

    void Look(FileSystemInfo entry, string root, int depth, Stack<(string Folder, int Depth)> open)
    {
        // Hidden files, such as the "._NAME.wav" that macOS writes beside each file on foreign disks.
        if (entry.Name.StartsWith('.'))
            return;
        if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            LookAtLink(entry, root);
        else if (entry is DirectoryInfo && depth + 1 < limits.MaxDepth)
            open.Push((entry.FullName, depth + 1));
        else if (entry is DirectoryInfo)
            refused.Add(new(entry.FullName, $"lies more than {limits.MaxDepth} folders deep"));
        else
            LookAtFile((FileInfo)entry, root);
    }

    void LookAtFile(FileInfo file, string root)
    {
        switch (FileKinds.Of(file.Name))
        {
            case FileKind.Recording:
                files.Add(new(root, file.FullName, file.Length, file.LastWriteTimeUtc.Ticks));
                if (files.Count > limits.MaxFiles)
                    throw InputFault.Exhausted("folder", $"at most {limits.MaxFiles} recordings are indexed at a time, but there are more");
                break;
            case FileKind.Video:
                refused.Add(new(file.FullName, "is a video, no recording"));
                break;
            case FileKind.Playlist:
                refused.Add(new(file.FullName, "is a playlist, no recording: it names other files"));
                break;
            default:
                Others++;
                break;
        }
    }

    /// <summary>
    /// Ignores a link to something below the folder. Reports a link that leads elsewhere, if it could be a recording or a folder of
    /// recordings.
    /// </summary>
    void LookAtLink(FileSystemInfo link, string root)
    {
        if (link is FileInfo && FileKinds.Of(link.Name) != FileKind.Recording)
        {
            Others++;
            return;
        }
        string? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } found ? found.FullName : null;
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            target = null;                                                   // links that lead in a circle
        }
        if (target is null)
            refused.Add(new(link.FullName, "is a link that leads to nothing"));
        else if (!IsBelow(target, root))
            refused.Add(new(link.FullName, $"is a link that leads out of the folder, to '{target}'"));
    }

    /// <summary>True if a path is the folder itself or below it.</summary>
    public static bool IsBelow(string path, string folder) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
