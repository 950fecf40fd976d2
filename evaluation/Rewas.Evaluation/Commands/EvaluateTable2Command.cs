using System.CommandLine;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Motion;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Evaluation.Synchrony;
using Rewas.Evaluation.Tables;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate table2</c>: the figures that papers on sound for video print, beside what they printed.</summary>
static class EvaluateTable2Command
{
    const string File = "table2.md";

    static readonly Option<string> DataSet = new("--dataset", "-d")
    {
        Description = EvaluationSet.Kinds,
        HelpName = "SET",
        Required = true,
    };
    static readonly Option<string[]> Systems = new("--system")
    {
        Description = "another system: a folder of its sounds, each named like its video; may be repeated",
        HelpName = "NAME=DIR",
    };
    static readonly Option<string?> Limit = NumberOption.Create("--limit", "N", "at most so many clips, 2 to 100000 [default: all]");
    static readonly Option<string?> Seed =
        NumberOption.Create("--seed", "N", "seed of the first clip; each further one has the next [default: 0]");

    public static Command Create()
    {
        var command = new Command("table2", """
            Measures the bundle, other systems and an anchor of plain motion with noise after the common benchmark (MMAudio, on VGGSound's
            test list): Frechet distance and KL over CNN14, inception score, DeSync by Synchformer, similarity by CLAP, on the first 8 s
            of each clip. What others published stands beside it, marked so. A figure whose network is missing is a dash. Interrupted, it
            goes on where it stopped when it is called again.

            Example:
              rewas evaluate table2 --dataset vggsound:/data/vggsound -b rewas-vggsound --features models/panns models/sync -o table2
            """)
        {
            DataSet, Systems, Limit, Seed, EvaluateOptions.Features, EvaluateOptions.Output, SharedOptions.Bundle, SharedOptions.Gateway,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (seed, output) = (
            arguments.WholeNumber(Seed, 0, uint.MaxValue - 100_000L) ?? 0, arguments.GetRequiredValue(EvaluateOptions.Output));
        var bundle = arguments.GetRequiredValue(SharedOptions.Bundle);
        var others = (arguments.GetValue(Systems) ?? []).Select(System).ToList();
        var set = EvaluationSet.Open(arguments.GetRequiredValue(DataSet), (int?)arguments.WholeNumber(Limit, 2, 100_000));
        await using var stages = await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), bundle, cancel);
        var model = EvaluatedModel.Parse($"ours:energy={bundle}", bundle)[0];
        List<(string Name, ISoundMaker Maker)> makers =
        [
            (model.Name, await StagesSoundMaker.OfAsync(stages, model, steps: null, cancel)),
            .. others,
            (MotionNoiseMaker.Name, new MotionNoiseMaker()),
        ];
        if (makers.GroupBy(maker => maker.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw InputFault.Invalid(
                "system", $"names must differ from each other, ours and {MotionNoiseMaker.Name}, but two are '{twice.Key}'");
        using var networks = EvaluateOptions.LoadNetworks(arguments);
        using var sync = (arguments.GetValue(EvaluateOptions.Features) is { Length: > 0 } named ? named : [BundleSetup.DefaultBundle])
            .Select(name => SyncMeter.Load(Bundle.Find(name), new OnnxOptions())).FirstOrDefault(meter => meter is not null);
        var evaluation = new TableEvaluation(set, makers, networks.All, networks.Similarities, output, seed, MotionCurve.ReadAsync)
        {
            Sync = sync,
            Longest = Table2.Longest,
        };
        var (report, examples) = (await EvaluateOptions.ShowAsync(
            arguments, progress => evaluation.RunAsync(Shard.Whole, players: 12, parallel: 1, progress, cancel)))!.Value;
        await EvaluateOptions.WriteAsync(arguments, report, examples, cancel);
        var table = Table2.Of(report);
        await global::System.IO.File.WriteAllTextAsync(Path.Combine(output, File), table, cancel);
        if (!arguments.GetValue(SharedOptions.Json))
            Console.WriteLine(table);
        return 0;
    }

    static (string Name, ISoundMaker Maker) System(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } folder] && EvaluationSet.FileName(name) == name
            ? (name, new FolderSoundMaker(folder))
            : throw InputFault.Invalid("system", $"must be NAME=DIR with a name of letters, digits, '.', '_' and '-', but is '{text}'");
}
