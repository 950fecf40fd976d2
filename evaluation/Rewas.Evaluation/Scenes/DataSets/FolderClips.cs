using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>
/// Any folder of videos. Their own sound is the true one. <c>prompts.csv</c> in the folder gives the prompts (file name, prompt; a first
/// line "file,prompt" is a header).
/// </summary>
static class FolderClips
{
    const string Prompts = "prompts.csv";
    static readonly string[] Extensions = [".mp4", ".mov", ".mkv", ".webm", ".avi"];

    public static EvaluationSet Open(string folder)
    {
        var videos = Directory.EnumerateFiles(folder)
            .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList();
        if (videos.Count == 0)
            throw InputFault.NotFound("dataset", $"folder '{folder}' has no videos ({string.Join(", ", Extensions)})");
        var prompts = ReadPrompts(Path.Combine(folder, Prompts));
        var without = videos.Select(video => Path.GetFileName(video)).Where(video => !prompts.ContainsKey(video)).ToList();
        if (without.Count > 0)
            throw InputFault.Precondition(
                "dataset", $"'{Prompts}' has no prompt for {without.Count} of {videos.Count} videos: {SplitCheck.Some(without)}");
        return new($"folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}",
            [
                .. videos.Select(video =>
                    RecordedVideo.Clip(Path.GetFileNameWithoutExtension(video), prompts[Path.GetFileName(video)], video, video)),
            ],
            [$"{videos.Count} videos with their own sound."]);
    }

    static Dictionary<string, string> ReadPrompts(string path)
    {
        if (!File.Exists(path))
            throw InputFault.NotFound("dataset", $"'{path}' is missing: a line \"file name,prompt\" for each video");
        var prompts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (fields, number) in File.ReadLines(path).Select((line, i) => (CsvLine.Fields(line), i + 1)))
        {
            if (number == 1 && fields is ["file", "prompt"] || fields is [""])
                continue;
            if (fields is not [{ Length: > 0 } file, { Length: > 0 } prompt])
                throw InputFault.Invalid("dataset", $"'{path}', line {number}: must be a file name and a prompt");
            prompts[file] = prompt;
        }
        return prompts;
    }
}
