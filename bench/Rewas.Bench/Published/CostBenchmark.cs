using System.CommandLine;
using System.Globalization;
using Rewas.Clip.Files;
using Rewas.Clip.Names;

namespace Rewas.Bench.Published;

/// <summary>
/// What a clip costs by preset and number format: whole commands as a user runs them, each in a new process with an empty cache. Programs,
/// presets and formats run in turn, so other load on the machine hits all of them.
/// </summary>
static class CostBenchmark
{
    /// <summary>The value for programs from before presets: no preset is given.</summary>
    const string None = "none";

    public static readonly Option<string[]> Presets = new("--preset")
    {
        Description = $"presets, or {None}",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. PresetNames.All],
    };

    public static readonly Option<string[]> Precisions = new("--precision")
    {
        Description = "number formats",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [PrecisionNames.Float32, PrecisionNames.Int8],
    };

    public static IEnumerable<string> Run(
        string[] programs, string bundle, string video, string[] presets, string[] precisions, int runs)
    {
        using var folder = PrivateFolder.Create("rewas-bench-");
        video = Path.GetFullPath(video);                                     // a program may run in another working folder
        var subjects =
            (from preset in presets
             from precision in precisions
             from program in programs.Select(CommandBenchmark.Subject)
             select (Preset: preset, Precision: precision, Program: program, Costs: new List<ProcessCost>())).ToList();
        for (var run = 0; run < runs; run++)
            for (var i = 0; i < subjects.Count; i++)
            {
                var (preset, precision, program, costs) = subjects[i];
                string[] arguments =
                [
                    program.Path, "generate", video, "--prompt", "a hammer striking metal", "--bundle", bundle, "--precision", precision,
                    .. preset == None ? Array.Empty<string>() : ["--preset", preset],
                    "-o", folder.File($"{run}-{i}.mp4"),
                ];
                costs.Add(ProcessCost.Of("dotnet", arguments, folder.File($"cache-{run}-{i}")));
            }
        yield return $"{Path.GetFileName(video)} to a finished MP4, each in a new process with an empty cache; the median of {runs} runs:";
        yield return "";
        yield return "| preset | number format | program | wall, s | first run, s | processor, s | peak resident, MB |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var (preset, precision, program, costs) in subjects)
        {
            double Median(Func<ProcessCost, double> figure) => costs.Select(figure).Order().ElementAt(costs.Count / 2);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {preset} | {precision} | {program.Name} | {Median(cost => cost.Wall.TotalSeconds):F1} "
                + $"| {costs[0].Wall.TotalSeconds:F1} | {Median(cost => cost.Processor.TotalSeconds):F1} "
                + $"| {Median(cost => cost.PeakMegabytes):F0} |");
        }
        yield return "";
        yield return "`first run` makes the weights of a number format if they were not there. Processor time is that of the command and "
            + "of the ffmpeg that it runs. Memory is that of the command's own process.";
    }
}
