using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas energy</c>: predicts the energy curve from the picture.</summary>
static class EnergyCommand
{
    static readonly Argument<string> Video = new("video") { Description = "the video" };
    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "the curve: CSV with columns time_s,energy, or JSON",
        HelpName = "FILE.csv|FILE.json",
    };

    public static readonly Option<string?> Plot = new("--plot")
    {
        Description = "picture of the curve, with the video's filmstrip",
        HelpName = "FILE.png",
    };
    public static readonly Option<bool> Normalised = new("--normalised")
    {
        Description = "values from 0 (silence) to 1, as column `normalised`, instead of the model's unit",
    };

    public static Command Create()
    {
        var command = new Command("energy", """
            Predicts the energy of a video's sound: mean natural-log mel magnitude, 100 values per second, about -11.5 (silence) to 0.

            Example:
              rewas energy bounce.mp4 -o curve.csv --plot curve.png
            """)
        {
            Video, Output, Plot, Normalised, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        foreach (var option in VideoInput.Options)
            command.Add(option);
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        var output = arguments.GetValue(Output);
        var plot = arguments.GetValue(Plot);
        if (output is null && plot is null && !json)
            throw InputFault.Invalid("output", "must be given: -o FILE.csv (or --plot FILE.png, or --json)");
        if (output is not null)
            CurveFile.ThrowUnlessName(output, "output");
        OutputName.ThrowUnless(plot, "plot", ".png");
        var named = arguments.GetRequiredValue(Video);
        InputFile.Find(named, "video");
        new FileRoles().Reads(named, "video").Writes(output, "output").Writes(plot, "plot");
        using var file = output is null ? null : PartialFile.Create(output, "output");
        using var plotFile = plot is null ? null : PartialFile.Create(plot, "plot");
        using var video = await VideoInput.OpenAsync(named, arguments, cancel);
        var result = await ProgressBars.ShowAsync(quiet: json, async progress =>
        {
            await using var stages = await Stages.ConnectAsync(
                arguments.GetValue(SharedOptions.Gateway),
                arguments.GetRequiredValue(SharedOptions.Bundle),
                cancel,
                settings: LengthLimit.Read(arguments).Settings);
            return await stages.Client.PredictEnergyAsync(new EnergyRequest { Video = stages.Open(video.Clip).Source }, progress, cancel);
        });
        var curve = EnergyCurve.Of([.. result.Energy]);
        double[] cuts = [.. result.Descriptors.Cuts.Select(EnergyCurve.SecondsAt)];
        if (file is not null)
        {
            await CurveFile.WriteAsync(file.Path, output!, curve, arguments.GetValue(Normalised), cancel);
            file.Complete();
        }
        if (plotFile is not null)
        {
            var strip = await Filmstrip.ReadAsync(
                video.Path, video.Facts, CurvePlot.Pictures, CurvePlot.PictureWidth, CurvePlot.PictureHeight, cancel);
            CurvePlot.Save(plotFile.Path, curve, strip, $"Energy of {Path.GetFileName(named)}", cuts);
            plotFile.Complete();
        }
        var scenes = cuts.Length == 0
            ? ""
            : $"; cuts at {string.Join(", ", cuts.Select(cut => cut.ToString("0.00", CultureInfo.InvariantCulture)))} s";
        Console.WriteLine(
            json
                ? JsonSerializer.Serialize(CurveJson.Of(curve) with { Cuts = cuts }, JsonSerializerOptions.Web)
                : $"{output ?? plot}: {curve.Count} values{scenes}");
        return 0;
    }
}
