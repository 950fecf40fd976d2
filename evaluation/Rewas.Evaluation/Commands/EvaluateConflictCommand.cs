using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Checking;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.Evaluation.PromptChecks;
using Rewas.Evaluation.Scenes;
using Rewas.PromptCheck;
using Rewas.Text.Words;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate conflict</c>: the conflict check on pairs of videos and prompts whose truth is known.</summary>
static class EvaluateConflictCommand
{
    const ulong FirstSeed = (1UL << 62) + 4_000_000;

    static readonly Option<string?> Scenes =
        NumberOption.Create("--scenes", "N", "scenes of each kind, 0 to 100: about five prompts for each [default: 4]");
    static readonly Option<string?> Videos = new("--videos")
    {
        Description = "folder of real videos with an index.tsv whose column seen_heard describes them",
        HelpName = "DIR",
    };

    static readonly Argument<string?> Films = new("films")
    {
        Description = "as --videos",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Calibrate = new("--calibrate")
    {
        Description = $"finds when CLIP should abstain on these films, at least {ClipCalibration.LeastFilms}, and keeps it for this CLIP",
    };

    static readonly Option<string?> Statistics = new("--statistics")
    {
        Description = "statistics that `rewas models fit-conflict` wrote [default: the embedded ones]",
        HelpName = "FILE.json",
    };

    static readonly Option<string?> Claims = NumberOption.Create(
        "--generate",
        "N",
        "also makes sound for so many wrong prompts as they are and as suggested, and measures both, 0 to 100 [default: 0]");

    public static Command Create()
    {
        var command = new Command("conflict", """
            Checks prompts that are right, wrong in what they name, wrong in its course, half wrong, or about off-screen sound, against
            held-out procedural scenes and, if a folder is given, real videos with their own and each other's descriptions. Prints
            AUROC, false alarms and abstention.

            Example:
              rewas evaluate conflict --videos ../shared/data/videos
              rewas evaluate conflict my/films --scenes 0 --calibrate
            """)
        {
            Films, Calibrate, ClipOption.Clip, SharedOptions.Gateway, Scenes, Videos, Claims, Statistics, SharedOptions.Bundle,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var each = (int)(arguments.WholeNumber(Scenes, 0, 100) ?? 4);
        var name = arguments.GetRequiredValue(SharedOptions.Bundle);
        var bundle = Bundle.Find(name);
        var statistics = arguments.GetValue(Statistics) is { } file ? ConflictStatistics.Open(file) : ConflictStatistics.Embedded;
        var check = new ConflictCheck(statistics);
        IReadOnlyList<WatchedScene> scenes = each == 0 ? [] : await ScenesAsync(bundle, each, cancel);
        CheckedPair[] procedural = [.. scenes.SelectMany(scene => ConflictPairs.Of(scene).Select(pair =>
            Checked(check, scene.Seen, $"{scene.Kind} {scene.Seed - FirstSeed}", pair, statistics.Head.Kinds.Contains(scene.Kind))))];
        var films = arguments.GetValue(Films) ?? arguments.GetValue(Videos);
        using var clip = films is null ? null : ClipOption.Open(arguments);
        if (arguments.GetValue(Calibrate))
            return await CalibrateAsync(
                name, films ?? throw InputFault.Invalid("films", "must be given: --calibrate needs a folder of described films"),
                clip ?? throw InputFault.NotFound("clip", $"there is none: {ClipCaptioner.HowToGet}"), cancel);
        var real = films is not null ? await RealAsync(name, check, films, clip, cancel) : [];
        Print(
            [
                ("procedural, all kinds", procedural),
                (
                    "procedural, kinds that the check was fitted on",
                    procedural.All(pair => pair.KnownKind) ? [] : [.. procedural.Where(pair => pair.KnownKind)]),
                ("procedural, kinds that it was not fitted on", [.. procedural.Where(pair => !pair.KnownKind)]),
                (
                    "procedural, kinds that the video encoder was not trained on",
                    [
                        .. procedural.Where(
                            pair => SceneCatalog.Unseen.Any(kind => pair.Video.StartsWith(kind + " ", StringComparison.Ordinal))),
                    ]),
                ("real videos", real),
            ],
            bundle,
            statistics,
            arguments.GetValue(SharedOptions.Json));
        if (arguments.WholeNumber(Claims, 0, 100) is > 0 and { } most)
        {
            var claim = await ConflictClaim.MeasureAsync(bundle, check, [.. scenes.OrderBy(scene => scene.Seed)], (int)most, cancel);
            Console.WriteLine(JsonSerializer.Serialize(claim, ConflictOutput.Json));
        }
        return 0;
    }

    static async Task<IReadOnlyList<WatchedScene>> ScenesAsync(Bundle bundle, int each, CancellationToken cancel)
    {
        using var watcher = new SceneWatcher(bundle);
        return await FitConflictCommand.WatchAsync(watcher, SceneCatalog.Kinds, FirstSeed, each, cancel);
    }

    /// <summary>Each video with its own description, and with that of the video a third of the list further on.</summary>
    static async Task<IReadOnlyList<CheckedPair>> RealAsync(
        string bundle, ConflictCheck check, string folder, ClipCaptioner? clip, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(gateway: null, bundle, cancel);
        var described = DescribedVideos.Read(folder);
        var pairs = new List<CheckedPair>();
        for (var i = 0; i < described.Count; i++)
        {
            var (video, own) = described[i];
            var seen = await VideoLook.AtAsync(stages, video, clip, cancel);
            pairs.Add(Checked(check, seen, Path.GetFileName(video), new(PairKind.Consistent, own), known: false));
            pairs.Add(Checked(
                check,
                seen,
                Path.GetFileName(video),
                new(PairKind.SemanticallyWrong, described[(i + described.Count / 3) % described.Count].Description),
                known: false));
            Console.Error.WriteLine($"{i + 1}/{described.Count} {Path.GetFileName(video)}: {pairs[^1].Verdict}");
        }
        return pairs;
    }

    /// <summary>Looks at the films with CLIP, and keeps the limits with which few enough of its names are wrong.</summary>
    static async Task<int> CalibrateAsync(string bundle, string folder, ClipCaptioner clip, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(gateway: null, bundle, cancel);
        var judged = new List<ClipJudgement>();
        foreach (var (video, description) in DescribedVideos.Read(folder))
        {
            var view = (await VideoLook.AtAsync(stages, video, clip, cancel)).Clip!;
            var shown = PromptReading.Of(PromptWords.Read(description).Prompt).Sources.SelectMany(source => source.Concepts).ToList();
            // A film whose description names no known source, or a label without one, cannot be judged.
            if (shown.Count == 0 || view.Label.Concepts.Count == 0)
                continue;
            judged.Add(new(
                view.Probability, view.Probability - view.Labels[1].Probability, view.Similarity,
                shown.Any(concept => concept.Matches(view.Label) > 0)));
            Console.Error.WriteLine($"{judged.Count} {Path.GetFileName(video)}: {view.Label.Text}");
        }
        var calibration = ClipCalibration.Of(judged);
        var path = calibration.Keep(clip.Bundle);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"of {calibration.Films} films CLIP names {calibration.Named}, {calibration.Right} of them rightly, with a probability of at "
            + $"least {calibration.Thresholds.LeastProbability}, a margin of {calibration.Thresholds.LeastMargin} and a cosine of "
            + $"{calibration.Thresholds.LeastSimilarity}: {path}"));
        return 0;
    }

    static CheckedPair Checked(ConflictCheck check, SeenVideo seen, string video, ConflictPair pair, bool known)
    {
        var report = check.Check(seen, pair.Prompt);
        return new(video, known, pair.Kind, pair.Prompt, report.Score, report.Verdict, report.Abstained);
    }

    static void Print(
        IReadOnlyList<(string Set, IReadOnlyList<CheckedPair> Pairs)> sets, Bundle bundle, ConflictStatistics statistics, bool json)
    {
        var figures = sets.Where(set => set.Pairs.Count > 0)
            .Select(set => (set.Set, Figures: ConflictFigures.Of(set.Pairs), set.Pairs))
            .ToArray();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures.Select(f => new { f.Set, f.Figures, f.Pairs }), ConflictOutput.Json));
            return;
        }
        foreach (var (set, all, _) in figures)
        {
            var table = new Table()
                .Title(set)
                .AddColumns("prompts", "consistent", "uncertain", "conflict", "abstained", "AUROC")
                .Border(TableBorder.Minimal);
            foreach (var kind in all.Kinds)
                table.AddRow(
                    kind.Kind.ToString(),
                    $"{kind.Consistent}",
                    $"{kind.Uncertain}",
                    $"{kind.Conflict}",
                    $"{kind.Abstained}",
                    Format(kind.Auroc));
            AnsiConsole.Write(table);
            Console.WriteLine(
                $"{all.Pairs} pairs: AUROC {Format(all.Auroc)}, false alarms on consistent prompts "
                + $"{all.FalseAlarms.ToString("P1", CultureInfo.InvariantCulture)}, abstained "
                + $"{all.Abstained.ToString("P1", CultureInfo.InvariantCulture)}");
        }
        Console.WriteLine(
            $"bundle {bundle.Manifest.Name}, bundle.json sha256 {bundle.Sha256}; statistics of {statistics.BundleSha256}: "
            + $"{statistics.Command}");
    }

    static string Format(double value) => double.IsNaN(value) ? "" : value.ToString("F3", CultureInfo.InvariantCulture);
}
