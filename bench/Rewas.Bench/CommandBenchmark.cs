using System.CommandLine;
using System.Globalization;
using Rewas.Clip.Files;

namespace Rewas.Bench;

/// <summary>
/// Times whole commands as a user runs them: each in a new process, with its start, loading and end. Compared programs run in turn, so
/// other load on the machine hits all of them.
/// </summary>
static class CommandBenchmark
{
    public static readonly Option<string[]> Programs = new("--program")
    {
        Description = "a built rewas.dll to measure; several are compared",
        HelpName = "NAME=PATH",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [$"this={Path.Combine("cli", "bin", "Release", "net10.0", "rewas.dll")}"],
    };

    public static IEnumerable<string> Run(string[] programs, string bundle, string video, int runs)
    {
        var subjects = programs.Select(Subject).ToList();
        using var folder = PrivateFolder.Create("rewas-bench-");
        video = Path.GetFullPath(video);                                       // a program may run in another working folder
        var measured = subjects.ToDictionary(subject => subject.Name, _ => new Dictionary<string, List<ProcessCost>>());
        for (var run = 0; run < runs; run++)
            foreach (var (name, path) in subjects)
                foreach (var (what, cost) in Once(path, bundle, video, Directory.CreateDirectory(folder.File($"{run}-{name}"))))
                {
                    if (!measured[name].TryGetValue(what, out var costs))
                        measured[name][what] = costs = [];
                    costs.Add(cost);
                }
        return [.. Table(measured, Path.GetFileName(video), runs)];
    }

    /// <summary>
    /// Generates the same clip twice with one cache, predicts its energy with an empty cache, and runs a command that does nothing.
    /// </summary>
    static IEnumerable<(string What, ProcessCost Cost)> Once(string program, string bundle, string video, DirectoryInfo folder)
    {
        string[] generate =
        [
            program,
            "generate",
            video,
            "--prompt",
            "a hammer striking metal",
            "--bundle",
            bundle,
            "-o",
            Path.Combine(folder.FullName, "out.mp4"),
        ];
        var cache = Path.Combine(folder.FullName, "cache");
        yield return ("generate, empty cache", ProcessCost.Of("dotnet", generate, cache));
        yield return ("generate, found in the cache", ProcessCost.Of("dotnet", generate, cache));
        string[] energy = [program, "energy", video, "--bundle", bundle, "-o", Path.Combine(folder.FullName, "curve.csv")];
        yield return ("energy, empty cache", ProcessCost.Of("dotnet", energy, Path.Combine(folder.FullName, "empty")));
        yield return ("generate --help", ProcessCost.Of("dotnet", [program, "generate", "--help"], cache));
    }

    static IEnumerable<string> Table(Dictionary<string, Dictionary<string, List<ProcessCost>>> measured, string video, int runs)
    {
        yield return $"Commands on {video}, each a process of its own; the median of {runs} runs of each, programs in turn:";
        yield return "";
        yield return "| command | program | wall, s | processor, s | peak resident, MB |";
        yield return "|---|---|---|---|---|";
        foreach (var what in measured.First().Value.Keys)
            foreach (var (name, costs) in measured)
                yield return Row(what, name, costs[what]);
        yield return "";
        yield return "Processor time is that of the command and of the ffmpeg that it runs. Memory is that of the command's own process.";
    }

    static string Row(string what, string program, List<ProcessCost> costs)
    {
        var (wall, processor, peak) = (
            Median(cost => cost.Wall.TotalSeconds), Median(cost => cost.Processor.TotalSeconds), Median(cost => cost.PeakMegabytes));
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {program} | {wall:F2} | {processor:F2} | {peak:F0} |");

        double Median(Func<ProcessCost, double> figure) => costs.Select(figure).Order().ElementAt(costs.Count / 2);
    }

    public static (string Name, string Path) Subject(string text) => text.Split('=', 2) is [var name, var path]
        ? (name, Path.GetFullPath(path))
        : throw new ArgumentException($"--program must be NAME=PATH, but is '{text}'");
}
