using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;

namespace Rewas.Cli.Batch;

/// <summary>Names of a batch's outputs. Each name is used once.</summary>
sealed class BatchNames
{
    const int MostCharacters = 200, MostOfPrompt = 60, MostWords = 8;

    /// <summary>
    /// The suffix for outputs in a folder that holds videos, so that no video is replaced, listed in the manifest or not.
    /// </summary>
    const string AmongVideos = "-sound";

    readonly HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);
    readonly string suffix, format;

    BatchNames(string suffix, string format) => (this.suffix, this.format) = (suffix, format);

    /// <param name="folder">Folder of the outputs; it may be missing.</param>
    /// <param name="root">Folder of the videos.</param>
    /// <param name="videos">The videos of the manifest.</param>
    /// <param name="format">Format of outputs without a name.</param>
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

    /// <summary>A name that the manifest gives.</summary>
    /// <exception cref="InputFault">It is not a file name, has no known extension, or is already used by another line.</exception>
    public string Given(string name)
    {
        if (name.Length > MostCharacters || name.StartsWith('.') || name.AsSpan().ContainsAny("/\\:") || name.Any(char.IsControl))
            throw InputFault.Invalid(
                BatchColumns.Output,
                $"must be a file name of at most {MostCharacters} characters without '/', '\\' and ':', but is '{name}'");
        if (!SoundFiles.Formats.Contains(Path.GetExtension(name).TrimStart('.').ToLowerInvariant()))
            throw InputFault.Invalid(BatchColumns.Output, $"must end in .{string.Join(", .", SoundFiles.Formats)}, but is '{name}'");
        return used.Add(name) ? name : throw InputFault.Invalid(BatchColumns.Output, $"'{name}' is also the output of another line");
    }

    /// <summary>The video's name, with a number added if it is already used.</summary>
    public string Of(FileInfo video)
    {
        var name = Path.GetFileNameWithoutExtension(video.Name);
        return Free((name.Length <= MostCharacters ? name : name[..MostCharacters]) + suffix, format);
    }

    /// <summary>The words of a prompt as a name, for sound without a picture.</summary>
    public string OfSound(string prompt)
    {
        var words = string.Concat(prompt.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords);
        var name = string.Join('-', words);
        return Free(
            name.Length <= MostOfPrompt ? name : name[..MostOfPrompt], SoundFiles.IsSound(format) ? format : WithoutPicture.UsualFormat);
    }

    string Free(string name, string format)
    {
        for (var number = 1; ; number++)
        {
            var output = number == 1 ? $"{name}.{format}" : $"{name}-{number}.{format}";
            if (used.Add(output))
                return output;
        }
    }
}
