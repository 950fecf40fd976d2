using System.CommandLine;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Evaluation.Comparison;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate compare A B</c>: two folders of recordings, whoever made them.</summary>
static class EvaluateCompareCommand
{
    static readonly Argument<string> Real = new("A") { Description = "folder of true recordings" };
    static readonly Argument<string> Generated = new("B")
    {
        Description = "folder of generated recordings; those of the same name as one of A are compared with it",
    };
    static readonly Option<string?> Players =
        NumberOption.Create("--players", "N", "clips to listen to in the page, 0 to 200 [default: 12]");

    public static Command Create()
    {
        var command = new Command("compare", """
            Compares two folders of recordings (or videos with sound), clip by clip and as sets, and writes report.md, report.json,
            report.csv and report.html, one page with plots and players that needs no other file. The same folders give the same report.

            Example:
              rewas evaluate compare true/ theirs/ --features models/panns -o report
            """)
        {
            Real, Generated, EvaluateOptions.Features, EvaluateOptions.Output, Players, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var players = (int)(arguments.WholeNumber(Players, 0, 200) ?? 12);
        using var networks = EvaluateOptions.LoadNetworks(arguments);
        var (report, examples) = await EvaluateOptions.ShowAsync(arguments, progress => new FolderComparison(networks.All).RunAsync(
            arguments.GetRequiredValue(Real), arguments.GetRequiredValue(Generated), players, progress, cancel));
        await EvaluateOptions.WriteAsync(arguments, report, examples, cancel);
        return 0;
    }
}
