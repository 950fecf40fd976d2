using System.Collections.Concurrent;
using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>
/// An output that appears whole or not at all. It is written under a hidden name in the same folder and renamed when complete. Disposing
/// before that leaves nothing behind and keeps the old file.
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

    /// <summary>Path to write to.</summary>
    public string Path { get; }

    /// <summary>
    /// Creates the file empty, which proves that it can be written. Only users who can read the replaced file can read it.
    /// </summary>
    /// <param name="outputPath">As the user gave it.</param>
    /// <param name="field">The argument or option that names it.</param>
    /// <param name="mode">Permissions; null: those of the replaced file.</param>
    /// <exception cref="InputFault">
    /// NotFound: the folder does not exist. Invalid: the path is no file, or it cannot be written there. Environment: the disk is full.
    /// </exception>
    public static PartialFile Create(string outputPath, string field, UnixFileMode? mode = null)
    {
        var place = OutputPlace.Find(outputPath, field);
        mode ??= place.Replaced?.Mode;
        var path = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(place.Path)!, $".{Guid.NewGuid():N}{Mark}{System.IO.Path.GetExtension(outputPath)}");
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

    /// <summary>Writes a whole file. If <paramref name="write"/> throws, the old file stays.</summary>
    /// <exception cref="InputFault">Same as <see cref="Create"/> and <see cref="Complete"/>.</exception>
    public static void Write(string outputPath, string field, Action<Stream> write)
    {
        using var file = Create(outputPath, field);
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            write(stream);
        file.Complete();
    }

    /// <summary>Deletes the partial files of killed processes in a folder. No other process may write there at the time.</summary>
    public static void DeleteLeftOvers(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).GetFiles())
            if (file.Name.StartsWith('.') && file.Name.Contains(Mark, StringComparison.Ordinal))
                file.Delete();
    }

    /// <summary>Flushes the file to disk and renames it, with the mode and owner of the replaced file.</summary>
    /// <param name="flushed">False: a power cut may lose the content. For files that can be made again.</param>
    /// <exception cref="InputFault">The file cannot be replaced, or the disk is full.</exception>
    public void Complete(bool flushed = true)
    {
        try
        {
            if (flushed)
            {
                // Some file systems report a full disk only here.
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
            // The folder and the file were removed by somebody else.
        }
    }

    /// <summary>Deletes all unfinished files of this process, at its end, if their writers cannot be awaited.</summary>
    public static void AbandonAll()
    {
        foreach (var file in Unfinished.Keys)
            file.Dispose();
    }
}
