using System.CommandLine;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas edit</c>: changes an energy curve. It needs no video.</summary>
static class EditCommand
{
    static readonly Argument<string> Curve = new("curve") { Description = "the curve: .csv or .json, as `rewas energy` writes it" };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the new curve", HelpName = "FILE.csv|FILE.json" };

    public static Command Create()
    {
        var command = new Command("edit", """
            Changes an energy curve. Edits are applied in the order given; the length of the curve stays. A RANGE is 1.2s..2s, a TIME
            1.2s or 300ms, a level in dB. An edit without RANGE changes the whole curve. `rewas generate VIDEO --curve NEW.csv`
            renders the result.

            Examples:
              rewas edit curve.csv --gain 1.2s..2.0s=-12dB --event 3.1s=+0dB -o new.csv
              rewas edit curve.csv --shift +300ms --blend 0.5,reference.wav -o new.csv --plot new.png
            """)
        {
            Curve, Output, EnergyCommand.Plot, EnergyCommand.Normalised, SharedOptions.Bundle, SharedOptions.Json,
        };
        foreach (var edit in CurveOptions.Edits)
            command.Add(edit);
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        var output = arguments.GetValue(Output);
        if (output is null && !json)
            throw InputFault.Invalid("output", "must be given: -o FILE.csv (or --json)");
        if (output is not null)
            CurveFile.ThrowUnlessName(output, "output");
        var plot = arguments.GetValue(EnergyCommand.Plot);
        OutputName.ThrowUnless(plot, "plot", ".png");
        var files = new FileRoles().Reads(arguments.GetRequiredValue(Curve), "curve").Writes(output, "output").Writes(plot, "plot");
        using var file = output is null ? null : PartialFile.Create(output, "output");
        using var plotFile = plot is null ? null : PartialFile.Create(plot, "plot");

        var given = CurveFile.Read(arguments.GetRequiredValue(Curve));
        var edits = await CurveOptions.EditsAsync(arguments, given.Count, files, cancel);
        var edited = given.Apply(edits, cancel);

        if (file is not null)
        {
            await CurveFile.WriteAsync(file.Path, output!, edited, arguments.GetValue(EnergyCommand.Normalised), cancel);
            file.Complete();
        }
        if (plotFile is not null)
        {
            CurvePlot.Save(plotFile.Path, edited, filmstrip: null, Path.GetFileName(output ?? "edited curve"));
            plotFile.Complete();
        }
        Console.WriteLine(
            json
                ? JsonSerializer.Serialize(CurveJson.Of(edited), JsonSerializerOptions.Web)
                : $"{output}: {edited.Count} values after {edits.Count} edit(s)");
        return 0;
    }
}
