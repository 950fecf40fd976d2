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

    readonly string finalPath;

    PartialFile(string finalPath, string path)
    {
        (this.finalPath, Path) = (finalPath, path);
        Unfinished[this] = true;
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Creates it empty, which proves that it can be written.</summary>
    /// <exception cref="InputFault">NotFound: no such folder. Invalid: the path is a folder, or it cannot be written there.</exception>
    public static PartialFile Create(string outputPath, string field)
    {
        if (string.IsNullOrEmpty(outputPath) || outputPath.Contains('\0'))
            throw InputFault.Invalid(field, "a path must be given");
        var final = System.IO.Path.GetFullPath(outputPath);
        if (Directory.Exists(final))
            throw InputFault.Invalid(field, $"'{outputPath}' is a directory, not a file");
        var folder = System.IO.Path.GetDirectoryName(final)!;
        if (!Directory.Exists(folder))
            throw InputFault.NotFound(field, $"folder '{folder}' does not exist");
        var path = System.IO.Path.Combine(folder, $".{Guid.NewGuid():N}.partial{System.IO.Path.GetExtension(final)}");
        try
        {
            File.Create(path).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid(field, $"'{outputPath}' cannot be written: {failure.Message}", failure);
        }
        return new(final, path);
    }

    /// <summary>Gives it its name, replacing what had it.</summary>
    public void Complete()
    {
        File.Move(Path, finalPath, overwrite: true);
        Unfinished.TryRemove(this, out _);
    }

    public void Dispose()
    {
        if (Unfinished.TryRemove(this, out _))
            File.Delete(Path);
    }

    /// <summary>Leaves nothing behind of what this process has begun: for its end, when whoever writes cannot be waited for.</summary>
    public static void AbandonAll()
    {
        foreach (var file in Unfinished.Keys)
            file.Dispose();
    }
}
