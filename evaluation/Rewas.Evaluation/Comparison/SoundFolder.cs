using Rewas.Audio;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Evaluation;

/// <summary>A recording of a folder.</summary>
/// <param name="Name">Its path in the folder without extension, parts parted by '/': what pairs it with that of another folder.</param>
/// <param name="Path">The file.</param>
public sealed record SoundFile(string Name, string Path)
{
    static readonly WavLimits Limits = new() { MaxDuration = TimeSpan.FromHours(1), MaxBytes = long.MaxValue };

    /// <summary>Its sound at 16 kHz, mono. WAV is read here; anything else, videos too, needs ffmpeg.</summary>
    /// <exception cref="InputFault">It has no sound, or cannot be read.</exception>
    public async Task<float[]> ReadAsync(CancellationToken cancellation)
    {
        if (Path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase))
            return (await WavFile.ReadAsync(Path, Limits, Name, cancellation)).At(ClipTiming.SampleRate).Samples;
        return await SoundReader.ReadFloatsAsync(Path, Limits.MaxDuration, cancellation);
    }
}

/// <summary>All recordings of a folder and its subfolders, in the order of their names.</summary>
public static class SoundFolder
{
    static readonly string[] Extensions = [".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aac", ".aiff", ".mp4", ".mov", ".mkv", ".webm", ".avi"];

    /// <exception cref="InputFault">No such folder, no recordings in it, or two that differ in their extension alone.</exception>
    public static IReadOnlyList<SoundFile> List(string folder, string field)
    {
        if (!Directory.Exists(folder))
            throw InputFault.NotFound(field, $"folder '{folder}' does not exist");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Extensions.Contains(System.IO.Path.GetExtension(path).ToLowerInvariant()))
            .Select(path => new SoundFile(NameOf(folder, path), path)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw InputFault.NotFound(field, $"folder '{folder}' has no recordings ({string.Join(", ", Extensions)})");
        if (files.GroupBy(file => file.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw InputFault.Invalid(field, $"'{twice.Key}' is there {twice.Count()} times: {string.Join(", ", twice.Select(f => System.IO.Path.GetFileName(f.Path)))}");
        return files;
    }

    static string NameOf(string folder, string path) =>
        System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(folder, path), null).Replace(System.IO.Path.DirectorySeparatorChar, '/');
}
