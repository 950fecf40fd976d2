using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Placements;
using Rewas.Evaluation.Reports;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate placement</c>: are recordings placed where and as a curve asks?</summary>
static class EvaluatePlacementCommand
{
    static readonly Option<string?> OneShots = new("--one-shots")
    {
        Description = "folder with an index.csv (file, label) of single sounds, placed under impact scenes and drawn events",
        HelpName = "DIR",
    };
    static readonly Option<string?> Recordings = new("--recordings")
    {
        Description = "folder with an index.csv (file, label, set, fold) of ESC-10, placed under curves of each other",
        HelpName = "DIR",
    };
    static readonly Option<string[]> Rain = new("--rain")
    {
        Description = "recordings of rain, at least 10 s each, placed under curves of 60 s",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "curves of each kind, 1 to 100 [default: 4]");
    static readonly Option<string?> Takes = NumberOption.Create("--takes", "N", "recordings of a label, 1 to 100 [default: 8]");
    static readonly Option<string?> Fold =
        NumberOption.Create("--fold", "N", "of ESC-10, for the curves; the judge has fold 4 [default: 3]");
    static readonly Option<bool> OtherLabel = new("--other-label") { Description = "curves of recordings of another label" };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = $"folder of the placed sounds with {PlacedRecordings.PlacedList}, and of the recordings themselves with "
            + PlacedRecordings.OwnList,
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("placement", """
            Are recordings placed where and as a curve asks? With --one-shots: how far are the attacks of placed one-shots from the
            events of rendered impact scenes and of drawn curves? With --recordings: does the energy of placed recordings follow the
            curves of others? The sounds and a list (label, file) are written for a judge that names sounds. With --rain: do ten seconds
            last a minute without repeats and seams? No network makes a sound here; the bundle's networks predict the energy of scenes.

            Example:
              rewas evaluate placement --one-shots foley --recordings sounds --rain foley/rain.opus -o /tmp/placed
            """)
        {
            OneShots, Recordings, Rain, Clips, Takes, Fold, OtherLabel, Output, SharedOptions.Bundle, SharedOptions.Gateway,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (oneShots, recordings, rain) = (arguments.GetValue(OneShots), arguments.GetValue(Recordings), arguments.GetValue(Rain) ?? []);
        if (oneShots is null && recordings is null && rain.Length == 0)
            throw InputFault.Invalid("placement", "--one-shots DIR, --recordings DIR or --rain FILE must be given");
        var clips = (int)(arguments.WholeNumber(Clips, 1, 100) ?? 4);
        var takes = (int)(arguments.WholeNumber(Takes, 1, 100) ?? 8);
        var fold = (arguments.WholeNumber(Fold, 1, 5) ?? 3).ToString(CultureInfo.InvariantCulture);
        Action<string> tell = arguments.GetValue(SharedOptions.Json) ? _ => { } : Console.Error.WriteLine;
        await using var stages =
            await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
        var bundle = (await stages.Client.DescribeAsync(cancel))[0];
        var figures = new List<PlacementFigure>();
        if (oneShots is not null)
            figures.AddRange(await PlacedImpacts.MeasureAsync(stages.Client, new(oneShots), clips, tell, cancel));
        if (recordings is not null)
            figures.AddRange(await new PlacedRecordings(recordings, fold, takes)
                .MeasureAsync(arguments.GetValue(OtherLabel), arguments.GetValue(Output), tell, cancel));
        if (rain.Length > 0)
            figures.AddRange(await ProlongedRain.MeasureAsync(rain, clips, tell, cancel));
        Tell(figures, bundle.Bundle, bundle.BundleSha256, arguments.GetValue(SharedOptions.Json));
        return 0;
    }

    static void Tell(List<PlacementFigure> figures, string bundle, string hash, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { bundle, bundleSha256 = hash, figures }, JsonSerializerOptions.Web));
            return;
        }
        var table = new Table().AddColumns("figure", "over", "value", "95%", "asked", "reached").Border(TableBorder.Minimal);
        foreach (var figure in figures)
            table.AddRow(
                figure.Name,
                figure.Count,
                FigureText.Number(figure.Value),
                $"{FigureText.Number(figure.Interval.Low)} to {FigureText.Number(figure.Interval.High)}",
                figure.Asked ?? "–",
                figure.Reached switch { true => "yes", false => "no", null => "–" });
        AnsiConsole.Write(table);
        Console.WriteLine($"bundle {bundle}, bundle.json sha256 {hash}");
    }
}
