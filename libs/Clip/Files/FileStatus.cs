using System.Runtime.InteropServices;
using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>Kind of file at a path.</summary>
public enum FileKind
{
    File,
    Directory,
    Pipe,
    Device,
    Socket,
}

/// <summary>The file at a path, with links followed.</summary>
/// <param name="Kind">Only a <see cref="FileKind.File"/> can be read twice and replaced.</param>
/// <param name="Identity">The same for all paths of a file: device and inode on Linux, elsewhere the path without links.</param>
/// <param name="Mode">Access rights.</param>
public sealed partial record FileStatus(FileKind Kind, string Identity, UnixFileMode Mode, uint User, uint Group)
{
    const int CurrentFolder = -100, NoSuchEntry = 2, NotADirectory = 20, AccessDenied = 13;
    const int NameTooLong = 36, Loop = 40;
    const uint BasicFields = 0x7ff, Unchanged = uint.MaxValue;
    const int KindBits = 0xf000, ModeBits = 0x1ff;

    /// <returns>Null if nothing is there, or a link leads to nothing.</returns>
    /// <exception cref="InputFault">Invalid: the path cannot be followed.</exception>
    public static FileStatus? Of(string path, string field)
    {
        if (!OperatingSystem.IsLinux())
            return Portable(path);
        if (Statx(CurrentFolder, path, 0, BasicFields, out var found) == 0)
            return new(
                KindOf(found.Mode), $"{found.DeviceMajor}:{found.DeviceMinor}:{found.Inode}", (UnixFileMode)(found.Mode & ModeBits),
                found.User, found.Group);
        var error = Marshal.GetLastPInvokeError();
        if (error is NoSuchEntry or NotADirectory)
            return null;
        throw InputFault.Invalid(field, $"'{Shorten(path)}' cannot be reached: " + error switch
        {
            AccessDenied => "permission denied",
            NameTooLong => "its name is too long",
            Loop => "its links lead in a circle",
            _ => Marshal.GetPInvokeErrorMessage(error),
        });
    }

    /// <summary>Gives a file this one's owner and group, if this process may.</summary>
    public void GiveTo(string path)
    {
        if (OperatingSystem.IsLinux() && Chown(path, User, Group) != 0)
            _ = Chown(path, Unchanged, Group);
    }

    static FileStatus? Portable(string path)
    {
        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!entry.Exists)
            return null;
        var target = entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry;
        return new(
            entry is DirectoryInfo ? FileKind.Directory : FileKind.File, target.FullName.ToUpperInvariant(),
            OperatingSystem.IsWindows() ? UnixFileMode.UserWrite : target.UnixFileMode, 0, 0);
    }

    static FileKind KindOf(int mode) => (mode & KindBits) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        0x1000 => FileKind.Pipe,
        0xc000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    static string Shorten(string path) => path.Length <= 120 ? path : $"{path[..60]}...{path[^57..]}";

    /// <summary>The start of the kernel's struct statx, which is the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Found
    {
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Found found);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);
}
