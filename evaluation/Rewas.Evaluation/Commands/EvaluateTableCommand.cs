using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Evaluation.Motion;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Evaluation.Tables;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate table1</c>: the paper's table on any of the data sets.</summary>
static class EvaluateTableCommand
{
    static readonly Option<string> DataSet = new("--dataset", "-d")
    {
        Description = EvaluationSet.Kinds,
        HelpName = "SET",
        DefaultValueFactory = _ => "procedural",
    };
    static readonly Option<string> Models = new("--models", "-m")
    {
        Description =
            "energy, onset, texture or text-only, each as KIND, KIND=BUNDLE or NAME:KIND=BUNDLE, parted by commas; KIND+check has "
            + "prompts checked against the picture first and follows what is suggested",
        HelpName = "LIST",
        DefaultValueFactory = _ => "energy",
    };
    static readonly Option<string?> Limit =
        NumberOption.Create("--limit", "N", "at most so many clips, 2 to 100000 [default: all; procedural: 60]");
    static readonly Option<bool> Mismatch = new("--mismatch")
    {
        Description = "gives every third clip the prompt of another one: what a check of prompts is for",
    };
    static readonly Option<string?> ShardOf = new("--shard")
    {
        Description = "take part I of N of the clips; the run that finds all parts in the folder writes the report",
        HelpName = "I/N",
    };
    static readonly Option<string?> Seed =
        NumberOption.Create("--seed", "N", "seed of the first clip; each further one has the next [default: 0]");
    static readonly Option<string?> Steps = NumberOption.Create("--steps", "N", "sampling steps, 1 to 1000 [default: the bundle's]");
    static readonly Option<string?> ParallelClips = NumberOption.Create(
        "--parallel",
        "N",
        "clips worked on at once, 1 to 64; more than one pays where several replicas serve the gateway [default: 1; with --gateway: 4]");
    static readonly Option<string?> Players =
        NumberOption.Create("--players", "N", "clips to listen to in the page, 0 to 200 [default: 12]");

    public static Command Create()
    {
        var command = new Command("table1", """
            Makes sound for every clip with every model and measures it against the true sound: Frechet distance, inception score, mean
            KL, onset accuracy and average precision, energy MAE and more, with confidence intervals. Interrupted, it goes on where it
            stopped when it is called again.

            Example:
              rewas evaluate table1 --dataset vggsound:/data/vggsound --models energy=rewas-vggsound --features models/melception -o table1
            """)
        {
            DataSet,
            Models,
            Limit,
            Mismatch,
            ShardOf,
            Seed,
            Steps,
            Players,
            ParallelClips,
            EvaluateOptions.Features,
            EvaluateOptions.Output,
            SharedOptions.Bundle,
            SharedOptions.Gateway,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var shard = arguments.GetValue(ShardOf) is { } text ? Shard.Parse(text) : Shard.Whole;
        var limit = (int?)arguments.WholeNumber(Limit, 2, 100_000);
        var (seed, steps, players) = (
            arguments.WholeNumber(Seed, 0, uint.MaxValue - 100_000L) ?? 0,
            (int?)arguments.WholeNumber(Steps, 1, 1000),
            (int)(arguments.WholeNumber(Players, 0, 200) ?? 12));
        var models = EvaluatedModel.Parse(arguments.GetRequiredValue(Models), arguments.GetRequiredValue(SharedOptions.Bundle));
        var set = EvaluationSet.Open(arguments.GetRequiredValue(DataSet), limit);
        if (arguments.GetValue(Mismatch))
            set = set.Mismatched();
        var gateway = arguments.GetValue(SharedOptions.Gateway);
        var parallel = (int)(arguments.WholeNumber(ParallelClips, 1, 64) ?? (gateway is null ? 1 : 4));
        var (makers, stagesOf) = (new List<(string Name, ISoundMaker Maker)>(), new Dictionary<string, Stages>());
        try
        {
            foreach (var model in models)
            {
                if (!stagesOf.TryGetValue(model.Bundle, out var stages))
                    stagesOf[model.Bundle] = stages = await Stages.ConnectAsync(gateway, model.Bundle, cancel);
                makers.Add((model.Name, await StagesSoundMaker.OfAsync(stages, model, steps, cancel)));
            }
            using var networks = EvaluateOptions.LoadNetworks(arguments);
            var evaluation = new TableEvaluation(
                set,
                makers,
                networks.All,
                networks.Similarities,
                arguments.GetRequiredValue(EvaluateOptions.Output),
                seed,
                MotionCurve.ReadAsync);
            var result =
                await EvaluateOptions.ShowAsync(arguments, progress => evaluation.RunAsync(shard, players, parallel, progress, cancel));
            if (result is var (report, examples))
                await EvaluateOptions.WriteAsync(arguments, report, examples, cancel);
            else
                Console.WriteLine(
                    $"part {shard.Number} of {shard.Of} is done; with the other parts in the same folder, `rewas evaluate table1` "
                    + "without --shard writes the report");
            return 0;
        }
        finally
        {
            foreach (var stages in stagesOf.Values)
                await stages.DisposeAsync();
        }
    }
}
