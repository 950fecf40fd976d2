using Rewas.Faults;

namespace Rewas.Video;

/// <summary>
/// The files that one piece of work reads and writes. An output is never an input, and two outputs are never one file, whatever their paths are: links, hard links
/// and other spellings lead to the same device and inode.
/// </summary>
public sealed class FileRoles
{
    readonly Dictionary<string, string> inputs = new(StringComparer.Ordinal), outputs = new(StringComparer.Ordinal);

    /// <summary>A file that is read. One that does not exist is its reader's to tell.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="field">The argument or option that names it.</param>
    /// <exception cref="InputFault">It is written too, or cannot be reached.</exception>
    public FileRoles Reads(string? path, string field)
    {
        if (path is null || FileStatus.Of(path, field) is not { } file)
            return this;
        inputs.TryAdd(file.Identity, field);
        return outputs.TryGetValue(file.Identity, out var written) ? throw Same(written, field) : this;
    }

    /// <summary>A file that will be written.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="field">The option that names it.</param>
    /// <exception cref="InputFault">It cannot be written, is read too, or is written twice.</exception>
    public FileRoles Writes(string? path, string field)
    {
        if (path is null)
            return this;
        var identity = OutputPlace.Find(path, field).Identity;
        if (inputs.TryGetValue(identity, out var read))
            throw Same(field, read);
        return outputs.TryAdd(identity, field) ? this : throw InputFault.Invalid(field, $"must not be the file of {outputs[identity]} too, but is '{path}'");
    }

    static InputFault Same(string output, string input) => InputFault.Invalid(output, $"must not be the {input} itself");
}
