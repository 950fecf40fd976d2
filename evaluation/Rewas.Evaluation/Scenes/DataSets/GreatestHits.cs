using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>
/// The Greatest Hits (Owens et al. 2016, arXiv 1512.08512) as published: <c>train.txt</c> and <c>test.txt</c> with the names of recordings,
/// and for each <c>NAME_denoised.mp4</c>, <c>NAME_denoised.wav</c> and <c>NAME_times.txt</c> (second, material, action, reaction), in the
/// folder or in its <c>vis-data</c>. The prompt names the most frequent actions and materials of the recording.
/// </summary>
static class GreatestHits
{
    static readonly string[] Folders = ["vis-data", ""];

    public static EvaluationSet Open(string folder, DataSplit split)
    {
        var (training, test) = (Names(folder, "train.txt"), Names(folder, "test.txt"));
        SplitCheck.ThrowUnlessApart(Path.Combine(folder, "test.txt"), training, test);
        var (part, listed) = split == DataSplit.Test ? ("test", test) : ("training", training);
        var clips = listed.Order(StringComparer.Ordinal).Select(name => Clip(folder, name)).OfType<EvaluationClip>().ToList();
        return clips.Count > 0
            ? new(
                $"Greatest Hits {part}", clips,
                [$"{clips.Count} of the {listed.Count} listed {part} recordings are there with video and times."])
            : throw InputFault.NotFound(
                "dataset",
                $"none of the {listed.Count} {part} recordings is in '{folder}' or its vis-data: " +
                $"'{listed.FirstOrDefault()}_denoised.mp4' with '{listed.FirstOrDefault()}_times.txt' and so on");
    }

    static List<string> Names(string folder, string file)
    {
        var path = Folders.Select(below => Path.Combine(folder, below, file)).FirstOrDefault(File.Exists)
            ?? throw InputFault.NotFound(
                "dataset", $"'{file}' is missing from '{folder}'; it is published with the videos at https://andrewowens.com/vis/");
        return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    static EvaluationClip? Clip(string folder, string name)
    {
        var video = Find(folder, name + "_denoised.mp4");
        var times = Find(folder, name + "_times.txt");
        return video is null || times is null
            ? null
            : RecordedVideo.Clip(name, Prompt(times), video, Find(folder, name + "_denoised.wav") ?? video);
    }

    /// <summary>The actions of the drumstick: "hit wood, scratch metal".</summary>
    static string Prompt(string times)
    {
        var hits = File.ReadLines(times).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length >= 3 && fields[1] != "None" && fields[2] != "None").Select(fields => $"{fields[2]} {fields[1]}");
        var frequent = hits.GroupBy(hit => hit)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => same.Key).Take(2).ToList();
        return frequent.Count > 0 ? $"a drumstick: {string.Join(", ", frequent)}" : "a drumstick hitting things";
    }

    static string? Find(string folder, string file) =>
        Folders.Select(below => Path.Combine(folder, below, file)).FirstOrDefault(File.Exists);
}
