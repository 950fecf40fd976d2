using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Evaluation.Scenes.DataSets;

/// <summary>
/// VGGSound (Chen et al. 2020, arXiv 2004.14368) as published: <c>vggsound.csv</c> (YouTube id, first second, label, split) and the clips
/// <c>ID_000123.mp4</c>, in the folder or in its <c>video</c>, <c>videos</c>, <c>test</c> or <c>train</c>. The prompt is the label.
/// </summary>
static class VggSound
{
    const string List = "vggsound.csv";
    static readonly string[] Folders = ["", "video", "videos", "test", "train"];

    public static EvaluationSet Open(string folder, DataSplit split)
    {
        var file = Path.Combine(folder, List);
        if (!File.Exists(file))
            throw InputFault.NotFound(
                "dataset", $"'{file}' is missing; it is published at https://www.robots.ox.ac.uk/~vgg/data/vggsound/");
        var rows = File.ReadLines(file).Select((line, i) => Row.Parse(line)
            ?? throw InputFault.Invalid(
                "dataset", $"'{file}', line {i + 1}: must be YouTube id, first second, label, train or test")).ToList();
        SplitCheck.ThrowUnlessApart(
            file, [.. rows.Where(row => !row.IsTest).Select(row => row.Video)],
            [.. rows.Where(row => row.IsTest).Select(row => row.Video)]);

        var part = split == DataSplit.Test ? "test" : "training";
        var listed = rows.Where(row => row.IsTest == (split == DataSplit.Test))
            .OrderBy(row => row.FileName, StringComparer.Ordinal).ToList();
        var clips = listed.Select(row => (Row: row, Path: Find(folder, row))).Where(clip => clip.Path is not null)
            .Select(clip => RecordedVideo.Clip(clip.Row.FileName, clip.Row.Label, clip.Path!, clip.Path)).ToList();
        return clips.Count > 0
            ? new(
                $"VGGSound {part}", clips,
                [$"{clips.Count} of the {listed.Count} listed {part} clips are there; the others are missing from '{List}''s videos."])
            : throw InputFault.NotFound(
                "dataset",
                $"none of the {listed.Count} {part} clips is in '{folder}' or its video, videos, test or train: " +
                $"'{listed.FirstOrDefault()?.FileName}.mp4' and so on");
    }

    static string? Find(string folder, Row row) =>
        Folders.Select(below => Path.Combine(folder, below, row.FileName + ".mp4")).FirstOrDefault(File.Exists);

    sealed record Row(string Video, int Start, string Label, bool IsTest)
    {
        public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Video}_{Start:000000}");

        public static Row? Parse(string line) =>
            CsvLine.Fields(line) is [var video, var start, var label, ("train" or "test") and var split]
                && video.Length > 0 && label.Length > 0
            && int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
                ? new(video, second, label, split == "test")
                : null;
    }
}
