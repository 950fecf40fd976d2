using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Evaluation.PromptChecks;
using Rewas.Evaluation.Scenes;
using Rewas.PromptCheck;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// <c>rewas models fit-conflict</c>: what the conflict check knows, learned anew. Needed whenever the bundle's video networks change.
/// </summary>
static class FitConflictCommand
{
    /// <summary>Seeds from here on are used by nothing else; neither is the evaluation's.</summary>
    const ulong FirstSeed = (1UL << 62) + 3_000_000, CalibrationSeed = (1UL << 62) + 3_500_000;

    static readonly Option<string?> Recordings = new("--recordings")
    {
        Description = "folder of labelled recordings with an index.csv",
        HelpName = "DIR",
    };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "the statistics: libs/PromptCheck/Statistics/rewas-mini.json",
        HelpName = "FILE.json",
    };
    static readonly Option<string?> Scenes =
        NumberOption.Create("--scenes", "N", "scenes of each kind to fit, 4 to 200; a third as many more to calibrate [default: 12]");
    static readonly Option<string[]> Without = new("--without")
    {
        Description = "kinds of scene to keep from it, to measure how it fares on what it never saw",
        HelpName = "KIND",
        AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string?> PerLabel = NumberOption.Create("--per-label", "N", "recordings of each label, 1 to 100 [default: 6]");

    public static Command Create()
    {
        var command = new Command("fit-conflict", """
            Learns what the conflict check knows: kinds of scene from the video encoder's features, and courses in time from the energy
            shapes of labelled recordings. Takes a few minutes. To be run again whenever the bundle's video encoder or energy predictor
            changes.

            Example:
              rewas models fit-conflict --recordings ../shared/data/sounds -o libs/PromptCheck/Statistics/rewas-mini.json
            """)
        {
            Recordings, Output, Scenes, PerLabel, Without, SharedOptions.Bundle,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var folder = arguments.GetValue(Recordings) ?? throw InputFault.Invalid("recordings", "must be given: --recordings DIR");
        var output = arguments.GetValue(Output) ?? throw InputFault.Invalid("output", "must be given: -o FILE.json");
        OutputName.ThrowUnless(output, "output", ".json");
        using var file = PartialFile.Create(output, "output");
        var scenes = (int)(arguments.WholeNumber(Scenes, 4, 200) ?? 12);
        var perLabel = (int)(arguments.WholeNumber(PerLabel, 1, 100) ?? 6);
        var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));

        var without = arguments.GetValue(Without) ?? [];
        if (without.Except(SceneCatalog.Kinds).FirstOrDefault() is { } unknown)
            throw InputFault.Invalid(
                "without", $"must be kinds of scene ({string.Join(", ", SceneCatalog.Kinds)}), but one is '{unknown}'");

        var reading = RecordedShapes.ReadAsync(folder, perLabel, bundle.Manifest.Timing, cancel);
        using var watcher = new SceneWatcher(bundle);
        string[] kinds = [.. SceneCatalog.Kinds.Except(without)];
        var fit = await WatchAsync(watcher, kinds, FirstSeed, scenes, cancel);
        var calibration = await WatchAsync(watcher, kinds, CalibrationSeed, Math.Max(2, scenes / 3), cancel);
        var recordings = await reading;
        var command = string.Create(
            CultureInfo.InvariantCulture,
            $"rewas models fit-conflict --recordings DIR --scenes {scenes} --per-label {perLabel} "
            + $"--bundle {bundle.Manifest.Name}") + string.Concat(without.Select(kind => $" --without {kind}"));
        var statistics = ConflictFit.Fit(fit, calibration, recordings, (bundle.Manifest.Name, bundle.Sha256, command));
        await File.WriteAllTextAsync(file.Path, JsonSerializer.Serialize(statistics, ConflictStatistics.Json) + "\n", cancel);
        file.Complete();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {fit.Count} scenes fitted, {calibration.Count} calibrated, {recordings.Count} recordings; uncertain from "
            + $"{statistics.UncertainFrom}, conflict from {statistics.ConflictFrom}"));
        return 0;
    }

    internal static async Task<IReadOnlyList<WatchedScene>> WatchAsync(
        SceneWatcher watcher, IReadOnlyList<string> kinds, ulong firstSeed, int each, CancellationToken cancel)
    {
        var watched = new WatchedScene[kinds.Count * each];
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel };
        await Parallel.ForAsync(0, watched.Length, two, async (i, stop) =>
        {
            watched[i] = await watcher.WatchAsync(kinds[i / each], firstSeed + (ulong)(i % each), stop);
            if (i % each == each - 1)
                Console.Error.WriteLine(FormattableString.Invariant($"{kinds[i / each]}: {each} scenes"));
        });
        return watched;
    }
}
