using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Library.Scanning;

namespace Rewas.Library.Indexing;

/// <summary>Resolves the folders that a user names.</summary>
static class IndexedFolders
{
    const string Field = "folder";

    /// <summary>Full paths with links resolved, without folders below another one.</summary>
    /// <exception cref="InputFault">Lists each path that is missing or is not a folder.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> given)
    {
        var folders = new List<string>();
        var faults = new List<InputFault>();
        foreach (var path in given)
        {
            if (path.Length == 0 || path.Contains('\0'))
                faults.Add(InputFault.Invalid(Field, "a path must be given"));
            else if (FileStatus.Of(Path.GetFullPath(path), Field) is not { } status)
                faults.Add(InputFault.NotFound(Field, $"'{path}' does not exist"));
            else if (status.Kind != Rewas.Clip.Files.FileKind.Directory)
                faults.Add(InputFault.Invalid(Field, $"'{path}' is a {status.Kind.ToString().ToLowerInvariant()}, not a folder"));
            else
                folders.Add(WithoutLinks(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
        }
        InputFault.ThrowIfAny(faults);
        folders = [.. folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [.. folders.Where(folder => !folders.Any(other => other != folder && FolderScan.IsBelow(folder, other)))];
    }

    /// <summary>The path without links. So a recording has one path, even if links lead to it.</summary>
    static string WithoutLinks(string folder)
    {
        var reached = Path.GetPathRoot(folder)!;
        foreach (var part in folder[reached.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(reached, part));
            reached = next.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next.FullName;
        }
        return reached;
    }
}
