using Rewas.Cli.Arguments;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Cli.Batch;

/// <summary>
/// The files that a cut names. A cut is not trusted, and often comes from another machine: its files are looked for below one folder, by
/// their path if it leads there, else by their names.
/// </summary>
sealed class TimelineMedia(string folder)
{
    const string Field = "timeline";
    const int MostFiles = 100_000;

    readonly Dictionary<string, (string Path, VideoFacts Facts)> known = new(StringComparer.Ordinal);
    readonly string root = Path.GetFullPath(folder);
    ILookup<string, string>? files;

    /// <param name="named">A path, or the name of a file with or without its ending.</param>
    /// <exception cref="InputFault">There is no such file below the folder, several have the name, or it is no video.</exception>
    public async Task<(string Path, VideoFacts Facts)> FindAsync(string named, CancellationToken cancel)
    {
        if (known.TryGetValue(named, out var found))
            return found;
        var path = PathOf(named);
        try
        {
            return known[named] = (path, await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel));
        }
        catch (InputFault fault)
        {
            throw new InputFault(fault.Kind, Field, $"'{path}' {fault.Message}", fault);
        }
    }

    string PathOf(string named)
    {
        if (Path.IsPathRooted(named) && IsBelow(named) && File.Exists(named) && new FileInfo(named).LinkTarget is null)
            return named;
        var name = Path.GetFileName(named.Replace('\\', '/'));
        files ??= Directory.EnumerateFiles(root, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
        }).Take(MostFiles).ToLookup(file => Path.GetFileName(file), StringComparer.OrdinalIgnoreCase);
        string[] matches = [.. files[name]];
        if (matches.Length == 0)
            matches = [.. files.Where(group => Path.GetFileNameWithoutExtension(group.Key).Equals(name, StringComparison.OrdinalIgnoreCase))
                .SelectMany(group => group)];
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw InputFault.NotFound(Field, $"'{name}' is not below '{root}'; --videos DIR names the folder of the videos"),
            _ => throw InputFault.Invalid(Field, $"'{name}' is below '{root}' {matches.Length} times: '{matches[0]}', '{matches[1]}'"),
        };
    }

    bool IsBelow(string path) => Path.GetFullPath(path).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
