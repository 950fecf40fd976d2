using System.Collections.Concurrent;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>
/// An output that appears whole or not at all: it is written under a hidden name beside its own, and takes its name when complete.
/// Disposing of it before that leaves nothing behind, and what was there before untouched.
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

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Creates it empty, which proves that it can be written. Nobody can read it who cannot read what it replaces.</summary>
    /// <exception cref="InputFault">NotFound: no such folder. Invalid: the path is no file, or it cannot be written there. Environment: the disk is full.</exception>
    public static PartialFile Create(string outputPath, string field)
    {
        var place = OutputPlace.Find(outputPath, field);
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(place.Path)!, $".{Guid.NewGuid():N}.partial{System.IO.Path.GetExtension(outputPath)}");
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

    /// <summary>Gives it its name once it is on the disk, with the mode and the owner of what it replaces.</summary>
    /// <exception cref="InputFault">It cannot be replaced, or the disk is full.</exception>
    public void Complete()
    {
        try
        {
            // Some file systems find out only now that there is no room.
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
