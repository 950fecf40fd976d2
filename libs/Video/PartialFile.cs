using System.Collections.Concurrent;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>
/// An output that appears whole or not at all. It is written under a hidden name in the same folder and renamed when complete. Disposing
/// before that leaves nothing behind and keeps the old file.
/// </summary>
public sealed class PartialFile : IDisposable
{
    static readonly ConcurrentDictionary<PartialFile, bool> Unfinished = new();

    readonly OutputPlace place;
    readonly string field;

    PartialFile(OutputPlace place, string path, string field)
    {
        (this.place, Path, this.field) = (place, path, field);
        Unfinished[this] = true;
    }

    /// <summary>Path to write to.</summary>
    public string Path { get; }

    /// <summary>
    /// Creates the file empty, which proves that it can be written. Only users who can read the replaced file can read it.
    /// </summary>
    /// <exception cref="InputFault">
    /// NotFound: the folder does not exist. Invalid: the path is no file, or it cannot be written there. Environment: the disk is full.
    /// </exception>
    public static PartialFile Create(string outputPath, string field)
    {
        var place = OutputPlace.Find(outputPath, field);
        var path = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(place.Path)!, $".{Guid.NewGuid():N}.partial{System.IO.Path.GetExtension(outputPath)}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (place.Replaced is { } replaced && !OperatingSystem.IsWindows())
            options.UnixCreateMode = replaced.Mode | UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, options).Dispose();
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing(field, outputPath, failure);
        }
        return new(place, path, field);
    }

    /// <summary>Flushes the file to disk and renames it, with the mode and owner of the replaced file.</summary>
    /// <exception cref="InputFault">The file cannot be replaced, or the disk is full.</exception>
    public void Complete()
    {
        try
        {
            // Some file systems report a full disk only here.
            using (var file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
                RandomAccess.FlushToDisk(file);
            if (place.Replaced is { } replaced && !OperatingSystem.IsWindows())
            {
                replaced.GiveTo(Path);
                File.SetUnixFileMode(Path, replaced.Mode);
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
