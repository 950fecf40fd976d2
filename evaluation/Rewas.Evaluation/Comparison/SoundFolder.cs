using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Evaluation.Comparison;

/// <summary>A recording in a folder.</summary>
/// <param name="Name">Path in the folder without extension, with '/' as separator. Recordings with equal names in two folders are
/// pairs.</param>
public sealed record SoundFile(string Name, string Path)
{
    static readonly WavLimits Limits = new() { MaxDuration = TimeSpan.FromHours(1), MaxBytes = long.MaxValue };

    /// <summary>Its sound at 16 kHz, mono. WAV is read directly; anything else, videos included, needs ffmpeg.</summary>
    /// <exception cref="InputFault">It has no sound or cannot be read.</exception>
    public async Task<float[]> ReadAsync(CancellationToken cancellation)
    {
        if (Path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase))
            return (await WavFile.ReadAsync(Path, Limits, Name, cancellation)).At(ClipTiming.SampleRate).Samples;
        return await SoundReader.ReadFloatsAsync(Path, Limits.MaxDuration, cancellation);
    }
}

/// <summary>The recordings of a folder and its subfolders, by name.</summary>
public static class SoundFolder
{
    static readonly string[] Extensions =
        [".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aac", ".aiff", ".mp4", ".mov", ".mkv", ".webm", ".avi"];

    /// <exception cref="InputFault">The folder is missing, has no recordings, or has two that differ only in their extension.</exception>
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
        {
            var names = string.Join(", ", twice.Select(f => System.IO.Path.GetFileName(f.Path)));
            throw InputFault.Invalid(field, $"'{twice.Key}' occurs {twice.Count()} times: {names}");
        }
        return files;
    }

    static string NameOf(string folder, string path) =>
        System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(folder, path), null)
            .Replace(System.IO.Path.DirectorySeparatorChar, '/');
}
