using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.SoundLibrary;

/// <summary>The folders and files that callers may name: those below one folder. Links are refused, so no path can lead outside.</summary>
public sealed class CallersFolders(IOptions<SoundLibraryOptions> options)
{
    const int MostCharacters = 4096;

    string Readable => options.Value.ReadableFolder is { Length: > 0 } folder
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
        : throw InputFault.Precondition("folders", "cannot be given: this service may index no folder (SoundLibrary:ReadableFolder)");

    /// <summary>Full path of a folder.</summary>
    /// <param name="path">Relative, with parts separated by "/"; "." for the readable folder itself.</param>
    /// <exception cref="InputFault">The path leads outside or through a link, or the folder does not exist.</exception>
    public string Find(string path)
    {
        var reached = Readable;
        if (path == ".")
            return reached;
        if (path.Length is 0 or > MostCharacters)
            throw InputFault.Invalid("folders", $"must have 1 to {MostCharacters} characters, but has {path.Length}");
        var parts = path.Split('/');
        if (path.Contains('\\') || path.Any(char.IsControl) || parts.Any(part => part is "" or "." or ".." || part.Contains(':')))
            throw InputFault.Invalid("folders", $"must be relative, without '..', '\\', ':' or empty parts, but is '{path}'");
        foreach (var part in parts)
        {
            reached = Path.Combine(reached, part);
            if (new DirectoryInfo(reached).LinkTarget is not null)
                throw InputFault.Invalid("folders", $"must not lead over links, but '{path}' does");
        }
        return Directory.Exists(reached) ? reached : throw InputFault.NotFound("folders", $"'{path}' does not exist, or is no folder");
    }

    /// <exception cref="InputFault">A path is not below the readable folder.</exception>
    public void ThrowUnlessBelow(IEnumerable<string> paths)
    {
        var readable = Readable;
        foreach (var path in paths)
            if (path.Length is 0 or > MostCharacters || path.Contains('\0') || !IsBelow(Path.GetFullPath(path), readable))
                throw InputFault.Invalid("paths",
                    $"must lie below '{readable}', but one is '{(path.Length <= 120 ? path : path[..120] + "...")}'");
    }

    static bool IsBelow(string path, string folder) =>
        path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
