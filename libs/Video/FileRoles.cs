using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>
/// The files that a job reads and writes. No output may be an input, and no two outputs may be the same file. Files are compared by device
/// and inode, so links, hard links and other spellings are recognised.
/// </summary>
public sealed class FileRoles
{
    readonly Dictionary<string, string> inputs = new(StringComparer.Ordinal), outputs = new(StringComparer.Ordinal);

    /// <summary>Declares a file that is read. A missing file is left to its reader to report.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="field">The argument or option that names it.</param>
    /// <exception cref="InputFault">The file is also written, or cannot be reached.</exception>
    public FileRoles Reads(string? path, string field)
    {
        if (path is null || FileStatus.Of(path, field) is not { } file)
            return this;
        inputs.TryAdd(file.Identity, field);
        return outputs.TryGetValue(file.Identity, out var written) ? throw Same(written, field) : this;
    }

    /// <summary>Declares a file that will be written.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="field">The option that names it.</param>
    /// <exception cref="InputFault">The file cannot be written, is also read, or is written twice.</exception>
    public FileRoles Writes(string? path, string field)
    {
        if (path is null)
            return this;
        var identity = OutputPlace.Find(path, field).Identity;
        if (inputs.TryGetValue(identity, out var read))
            throw Same(field, read);
        return outputs.TryAdd(identity, field)
            ? this
            : throw InputFault.Invalid(field, $"must not be the file of {outputs[identity]} too, but is '{path}'");
    }

    static InputFault Same(string output, string input) => InputFault.Invalid(output, $"must not be the {input} itself");
}
