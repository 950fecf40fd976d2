using Rewas.Clip.Faults;
using Rewas.Evaluation.Comparison;

namespace Rewas.Evaluation.Tables;

/// <summary>Another system: its sounds lie in a folder, each named like its video.</summary>
sealed class FolderSoundMaker : ISoundMaker
{
    readonly Dictionary<string, SoundFile> files;
    readonly string folder;

    /// <exception cref="InputFault">The folder is missing or has no recordings.</exception>
    public FolderSoundMaker(string folder)
    {
        this.folder = folder;
        files = SoundFolder.List(folder, "system").ToDictionary(file => Path.GetFileName(file.Name), StringComparer.Ordinal);
    }

    public string Identity => $"sounds of another system, folder '{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}'";

    /// <exception cref="InputFault">The folder has no sound for the video.</exception>
    public async Task<ClipSound> MakeAsync(string video, string prompt, long seed, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(video);
        return files.TryGetValue(name, out var file)
            ? new(await file.ReadAsync(cancellation))
            : throw InputFault.NotFound("system", $"folder '{folder}' has no sound for '{name}'");
    }
}
