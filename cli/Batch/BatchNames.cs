using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;

namespace Rewas.Cli.Batch;

/// <summary>Names of a batch's outputs, each used once.</summary>
sealed class BatchNames
{
    const int MostCharacters = 200;

    /// <summary>
    /// Follows a video's name where its output lies among videos, so that none is replaced, not even one that the manifest does not name.
    /// </summary>
    const string AmongVideos = "-sound";

    readonly HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);
    readonly string suffix, format;

    BatchNames(string suffix, string format) => (this.suffix, this.format) = (suffix, format);

    /// <param name="folder">Of the outputs; it need not exist.</param>
    /// <param name="root">Folder of the videos.</param>
    /// <param name="videos">Of the manifest.</param>
    /// <param name="format">Of outputs that are not named.</param>
    public static BatchNames In(string folder, string root, IEnumerable<FileInfo> videos, string format)
    {
        var here = FileStatus.Of(Path.GetFullPath(folder), "output")?.Identity;
        var among = here is not null
            && videos.Select(video => video.DirectoryName!)
                .Append(root)
                .Distinct()
                .Any(place => FileStatus.Of(place, "videos")?.Identity == here);
        return new(among ? AmongVideos : "", format);
    }

    /// <summary>One that the manifest gives.</summary>
    /// <exception cref="InputFault">It is no file's name, ends in no format, or is another line's too.</exception>
    public string Given(string name)
    {
        if (name.Length > MostCharacters || name.StartsWith('.') || name.AsSpan().ContainsAny("/\\:") || name.Any(char.IsControl))
            throw InputFault.Invalid(
                BatchColumns.Output,
                $"must be a file name of at most {MostCharacters} characters without '/', '\\' and ':', but is '{name}'");
        if (!SoundFiles.Formats.Contains(Path.GetExtension(name).TrimStart('.').ToLowerInvariant()))
            throw InputFault.Invalid(BatchColumns.Output, $"must end in .{string.Join(", .", SoundFiles.Formats)}, but is '{name}'");
        return used.Add(name) ? name : throw InputFault.Invalid(BatchColumns.Output, $"'{name}' is another line's too");
    }

    /// <summary>The video's own, with a number where that is taken.</summary>
    public string Of(FileInfo video)
    {
        var name = Path.GetFileNameWithoutExtension(video.Name);
        name = (name.Length <= MostCharacters ? name : name[..MostCharacters]) + suffix;
        for (var number = 1; ; number++)
        {
            var output = number == 1 ? $"{name}.{format}" : $"{name}-{number}.{format}";
            if (used.Add(output))
                return output;
        }
    }
}
