using System.Collections.Concurrent;
using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>
/// A folder for temporary files that only this user can enter. It is deleted on disposal, or at the end of a process that cannot wait.
/// </summary>
public sealed class PrivateFolder : IDisposable
{
    const string Field = "TMPDIR";

    /// <summary>Least free space to start with, bytes.</summary>
    const long LeastRoom = 1 << 20;

    static readonly ConcurrentDictionary<PrivateFolder, bool> Present = new();

    readonly string place;

    PrivateFolder(DirectoryInfo folder, string place)
    {
        (Path, this.place) = (folder.FullName, place);
        Present[this] = true;
    }

    public string Path { get; }

    /// <param name="prefix">Prefix of the folder's name.</param>
    /// <param name="parent">Null: the system's temporary folder.</param>
    /// <exception cref="InputFault">Environment: the parent is missing, full, or not writable.</exception>
    public static PrivateFolder Create(string prefix = "rewas-", string? parent = null)
    {
        var place = parent ?? System.IO.Path.GetTempPath();
        if (!Directory.Exists(place))
            throw InputFault.Environment(Field, $"the temporary folder '{place}' does not exist");
        try
        {
            if (new DriveInfo(place).AvailableFreeSpace is var room && room < LeastRoom)
                throw InputFault.Full(Field, $"the temporary folder '{place}' must have room for {LeastRoom} bytes, but has {room}");
            var marked = ProcessMark.Take(place, prefix, sweepFirst: parent is not null);
            try
            {
                // mode 0700, and a short name because socket paths are limited to 107 characters
                return new(
                    parent is null
                        ? Directory.CreateTempSubdirectory(marked)
                        : CreateKept(System.IO.Path.Combine(place, $"{marked}{Guid.NewGuid():n}")),
                    place);
            }
            catch
            {
                ProcessMark.Release(place);
                throw;
            }
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw InputFault.Environment(Field, $"the temporary folder '{place}' cannot be written: {FileFault.Why(failure)}", failure);
        }
    }

    /// <summary>
    /// Creates a folder that only this user can enter, with missing parents, and leaves it to the caller. An existing folder stays
    /// unchanged.
    /// </summary>
    public static DirectoryInfo CreateKept(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Deletes the folders that killed processes have left. Those of living processes stay.</summary>
    /// <param name="parent">Null: the system's temporary folder.</param>
    /// <returns>The number of deleted folders.</returns>
    public static int DeleteLeftOvers(string? parent = null) => ProcessMark.Sweep(parent ?? System.IO.Path.GetTempPath());

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (!Present.TryRemove(this, out _))
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The temporary folder was cleaned up by somebody else.
        }
        finally
        {
            ProcessMark.Release(place);
        }
    }

    /// <summary>Deletes all remaining folders at the end of a process, if their writers cannot be awaited.</summary>
    public static void AbandonAll()
    {
        foreach (var folder in Present.Keys)
        {
            try
            {
                folder.Dispose();
            }
            catch (IOException)
            {
                // A child process that still writes there ends with its pipe.
            }
        }
    }
}
