using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Output;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas energy</c>: the curve that the picture promises.</summary>
static class EnergyCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the video" };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the curve as CSV, columns time_s,energy", HelpName = "FILE.csv" };

    public static Command Create()
    {
        var command = new Command("energy", """
            Predicts the energy of a video's sound: mean natural-log mel magnitude, 100 values a second, about -11.5 (silence) to 0.

            Example:
              rewas energy bounce.mp4 -o curve.csv
            """)
        {
            Video, Output, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(RewasCommand.Action(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        var output = arguments.GetValue(Output);
        if (output is null && !json)
            throw InputFault.Invalid("output", "must be given: -o FILE.csv (or --json)");
        var source = VideoSource.FromFile(arguments.GetRequiredValue(Video));
        using var file = output is null ? null : PartialFile.Create(output, "output");
        var result = await ProgressBars.ShowAsync(quiet: json, async progress =>
        {
            await using var stages = await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
            return await stages.Client.PredictEnergyAsync(new EnergyRequest { Video = source }, progress, cancel);
        });
        if (file is not null)
        {
            await File.WriteAllLinesAsync(file.Path, Lines(result.Energy), cancel);
            file.Complete();
        }
        Console.WriteLine(json
            ? JsonSerializer.Serialize(EnergyCurve.Of(result.Energy), JsonSerializerOptions.Web)
            : $"{output}: {result.Energy.Count} values");
        return 0;
    }

    static IEnumerable<string> Lines(IReadOnlyList<float> energy) =>
        energy.Select((value, frame) => string.Create(CultureInfo.InvariantCulture, $"{ClipTiming.MelFrameSeconds(frame):F2},{value:F5}")).Prepend("time_s,energy");
}
