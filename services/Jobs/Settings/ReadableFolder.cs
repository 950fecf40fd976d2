using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.Jobs.Settings;

/// <summary>
/// The videos that callers may name by path: those below one folder. Links are not followed, so no path can lead outside.
/// </summary>
public sealed class ReadableFolder(IOptions<JobsOptions> options)
{
    const int MostCharacters = 4096;

    /// <summary>The file at a path.</summary>
    /// <param name="path">Relative, with parts separated by "/".</param>
    /// <exception cref="InputFault">The folder or file does not exist, or the path leads outside.</exception>
    public FileInfo Find(string path) => Find(
        options.Value.ReadableFolder is { Length: > 0 } folder
            ? folder
            : throw InputFault.Precondition("path", "cannot be given: this service reads no folder (Jobs:ReadableFolder)"),
        path);

    /// <summary>The file at a path below any folder.</summary>
    public static FileInfo Find(string folder, string path)
    {
        if (path.Length is 0 or > MostCharacters)
            throw InputFault.Invalid("path", $"must have 1 to {MostCharacters} characters, but has {path.Length}");
        var parts = path.Split('/');
        if (path.Contains('\\') || path.Any(char.IsControl) || parts.Any(part => part is "" or "." or ".." || part.Contains(':')))
            throw InputFault.Invalid("path", $"must be relative, without '..', '\\', ':' or empty parts, but is '{path}'");
        var reached = Path.GetFullPath(folder);
        foreach (var part in parts)
        {
            reached = Path.Combine(reached, part);
            if (new FileInfo(reached).LinkTarget is not null)
                throw InputFault.Invalid("path", $"must not lead over links, but '{path}' does");
        }
        var file = new FileInfo(reached);
        return file.Exists ? file : throw InputFault.NotFound("path", $"'{path}' does not exist, or is no file");
    }
}
