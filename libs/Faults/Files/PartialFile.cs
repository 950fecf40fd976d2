using System.Collections.Concurrent;

namespace Rewas.Faults;

/// <summary>
/// An output that appears whole or not at all: it is written under a hidden name beside its own, and takes its name when complete.
/// Disposing of it before that leaves nothing behind, and what was there before untouched.
/// </summary>
public sealed class PartialFile : IDisposable
{
    const string Mark = ".partial";

    static readonly ConcurrentDictionary<PartialFile, bool> Unfinished = new();

    readonly OutputPlace place;
    readonly string field;
    readonly UnixFileMode? mode;

    PartialFile(OutputPlace place, string path, string field, UnixFileMode? mode)
    {
        (this.place, Path, this.field, this.mode) = (place, path, field, mode);
        Unfinished[this] = true;
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Creates it empty, which proves that it can be written. Nobody can read it who cannot read what it replaces.</summary>
    /// <param name="outputPath">As the user gave it.</param>
    /// <param name="field">The argument or option that names it.</param>
    /// <param name="mode">Who may do what with it; null: the mode of what it replaces.</param>
    /// <exception cref="InputFault">NotFound: no such folder. Invalid: the path is no file, or it cannot be written there. Environment: the disk is full.</exception>
    public static PartialFile Create(string outputPath, string field, UnixFileMode? mode = null)
    {
        var place = OutputPlace.Find(outputPath, field);
        mode ??= place.Replaced?.Mode;
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(place.Path)!, $".{Guid.NewGuid():N}{Mark}{System.IO.Path.GetExtension(outputPath)}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is { } wanted && !OperatingSystem.IsWindows())
            options.UnixCreateMode = wanted | UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, options).Dispose();
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing(field, outputPath, failure);
        }
        return new(place, path, field, mode);
    }

    /// <summary>Writes a whole file. If <paramref name="write"/> throws, what was there before stays.</summary>
    /// <exception cref="InputFault">As <see cref="Create"/> and <see cref="Complete"/>.</exception>
    public static void Write(string outputPath, string field, Action<Stream> write)
    {
        using var file = Create(outputPath, field);
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            write(stream);
        file.Complete();
    }

    /// <summary>Deletes what a process that was killed has left in a folder. No other process may be writing there.</summary>
    public static void DeleteLeftOvers(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).GetFiles())
            if (file.Name.StartsWith('.') && file.Name.Contains(Mark, StringComparison.Ordinal))
                file.Delete();
    }

    /// <summary>Gives it its name once it is on the disk, with the mode and the owner of what it replaces.</summary>
    /// <param name="flushed">False: its content may be lost with the machine's power. For files that can be made again.</param>
    /// <exception cref="InputFault">It cannot be replaced, or the disk is full.</exception>
    public void Complete(bool flushed = true)
    {
        try
        {
            if (flushed)
            {
                // Some file systems find out only now that there is no room.
                using var file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                RandomAccess.FlushToDisk(file);
            }
            if (!OperatingSystem.IsWindows())
            {
                place.Replaced?.GiveTo(Path);
                if (mode is { } wanted)
                    File.SetUnixFileMode(Path, wanted);
            }
            File.Move(Path, place.Path, overwrite: true);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing(field, place.Path, failure);
        }
        Unfinished.TryRemove(this, out _);
    }

    public void Dispose()
    {
        if (!Unfinished.TryRemove(this, out _))
            return;
        try
        {
            File.Delete(Path);
        }
        catch (DirectoryNotFoundException)
        {
            // Its folder is gone, and so is the file.
        }
    }

    /// <summary>Leaves nothing behind of what this process has begun: for its end, when whoever writes cannot be waited for.</summary>
    public static void AbandonAll()
    {
        foreach (var file in Unfinished.Keys)
            file.Dispose();
    }
}
