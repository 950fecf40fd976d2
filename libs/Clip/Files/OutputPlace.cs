using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>The place of an output: the file itself, with links resolved.</summary>
/// <param name="Path">Full path. A link at the given path stays, and its target is replaced.</param>
/// <param name="Replaced">The existing file, or null.</param>
/// <param name="Identity">The same for all spellings of the path.</param>
public sealed record OutputPlace(string Path, FileStatus? Replaced, string Identity)
{
    const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Checks before the work that the disk has room for the result.</summary>
    /// <param name="field">The option that names the output.</param>
    /// <param name="bytes">Approximate size of the output.</param>
    /// <exception cref="InputFault">Environment: there is not enough room.</exception>
    public static void ThrowUnlessRoom(string path, string field, long bytes)
    {
        var room = new DriveInfo(System.IO.Path.GetDirectoryName(Find(path, field).Path)!).AvailableFreeSpace;
        if (room < bytes)
            throw InputFault.Full(field, $"needs about {bytes} bytes, but {room} are left on the device");
    }

    /// <param name="path">As the user gave it.</param>
    /// <param name="field">The option that names it.</param>
    /// <exception cref="InputFault">
    /// NotFound: the folder does not exist. Invalid: something other than a file is there, or the file is write-protected or cannot be
    /// reached.
    /// </exception>
    public static OutputPlace Find(string path, string field)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0'))
            throw InputFault.Invalid(field, "a path must be given");
        var full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw InputFault.Invalid(field, $"'{path}' is a directory, not a file");
        FolderOf(full);
        var replaced = FileStatus.Of(full, field);
        if (replaced is { Kind: not FileKind.File })
            throw InputFault.Invalid(field, $"'{path}' is a {replaced.Kind.ToString().ToLowerInvariant()}, not a file");
        if (replaced is not null && (replaced.Mode & Writable) == 0)
            throw InputFault.Invalid(field, $"'{path}' is write-protected");
        var target = new FileInfo(full) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : full;
        return new(target, replaced, replaced?.Identity ?? $"{FolderOf(target).Identity}/{System.IO.Path.GetFileName(target)}");

        FileStatus FolderOf(string file) => System.IO.Path.GetDirectoryName(file) is { } folder
            && FileStatus.Of(folder, field) is { Kind: FileKind.Directory } found
            ? found
            : throw InputFault.NotFound(field, $"folder '{System.IO.Path.GetDirectoryName(file)}' does not exist");
    }
}
