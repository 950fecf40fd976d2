using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>A file that a user names for reading.</summary>
public static class InputFile
{
    /// <summary>Checks before any work that the file can be read.</summary>
    /// <param name="path">As the user gave it.</param>
    /// <param name="field">The argument or option that names it.</param>
    /// <exception cref="InputFault">NotFound: the file does not exist. Invalid: the path is no file, or it is not readable.</exception>
    public static FileInfo Find(string path, string field)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0'))
            throw InputFault.Invalid(field, "a path must be given");
        var file = new FileInfo(path);
        switch (FileStatus.Of(file.FullName, field)?.Kind)
        {
            case null:
                throw InputFault.NotFound(
                    field,
                    file.LinkTarget is { } target
                        ? $"'{path}' is a link to '{target}', which does not exist"
                        : $"file '{path}' does not exist");
            case FileKind.File:
                break;
            case var kind:
                throw InputFault.Invalid(field, $"'{path}' is a {kind.ToString()!.ToLowerInvariant()}, not a file");
        }
        try
        {
            file.OpenRead().Dispose();
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(field, path, failure);
        }
        // Use the target of a link, so that the length is the file's.
        return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
