using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Sounds;
using Rewas.Evaluation.Statistics;
using Rewas.Sound.Curves;
using Rewas.Sound.Mel;
using Rewas.Video;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate seams</c>: can the joins of windows be found in long sustained sounds?</summary>
static class EvaluateSeamsCommand
{
    const double Seconds = 30;

    static readonly string[] Kinds = [Rain, Engine];
    const string Rain = "rain", Engine = "engine";

    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "held-out scenes of each kind, 1 to 100 [default: 3]");
    static readonly Option<string?> Steps = NumberOption.Create("--steps", "N", "sampling steps, 1 to 1000 [default: the bundle's]");
    static readonly Option<string?> Page = new("--page") { Description = "folder of a page to listen to", HelpName = "DIR" };

    static readonly Option<string[]> Joins = new("--join")
    {
        Description = $"which ways of joining: {string.Join(", ", JoinNames.All)} [default: all]",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("seams", """
            Can the joins be found? For held-out scenes of rain and engines of 30 s: the sound is made from the energy of the true
            sound, and the spectral flux at each join of two windows is ranked among that of all other places of the same sound, for
            changes over 10, 80 and 400 ms. Joins that nothing gives away have a mean rank of 0.5, and 5% of them are above the 95th
            percentile.

            Example:
              rewas evaluate seams --clips 3 --join bridge concatenate --page docs/gallery
            """)
        {
            Clips, Steps, Joins, Page, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var count = (int)(arguments.WholeNumber(Clips, 1, 100) ?? 3);
        var steps = (int?)arguments.WholeNumber(Steps, 1, 1000);
        var joins = arguments.GetValue(Joins) is { Length: > 0 } chosen ? chosen : [.. JoinNames.All];
        await using var stages =
            await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
        var described = (await stages.Client.DescribeAsync(cancel))[0];
        var timing = new ClipTiming();
        var ranks = new Dictionary<(string Join, int Reach), List<double>>();
        var page = arguments.GetValue(Page);
        var players = new List<(string Kind, string Join, string File)>();
        foreach (var kind in Kinds)
        {
            for (var clip = 0; clip < count; clip++)
            {
                var scene = SceneCatalog.Create(kind, EvaluateCommand.FirstSeed + (ulong)clip, Seconds);
                var curve = RecordingEnergy.Of(scene.RenderWave(), timing);
                foreach (var join in joins)
                {
                    var wave = await GeneratedWave.UnderAsync(
                        stages.Client,
                        curve,
                        new() { Prompt = scene.Caption, Seed = (ulong)clip, Steps = steps ?? 0, Join = join },
                        cancel);
                    var logMel = MelSpectrogram.LogMel(wave);
                    foreach (var reach in SeamDetector.Reaches)
                    {
                        if (!ranks.TryGetValue((join, reach), out var found))
                            ranks[(join, reach)] = found = [];
                        found.AddRange(SeamDetector.Ranks(SeamDetector.Flux(logMel, reach), new(join), reach));
                    }
                    var means = SeamDetector.Reaches.Select(reach =>
                        ranks[(join, reach)].Average().ToString("F2", CultureInfo.InvariantCulture));
                    Console.Error.WriteLine($"{kind} {clip + 1}/{count}, {join}: mean ranks so far {string.Join(", ", means)}");
                    if (page is not null && clip == 0)
                        players.Add((kind, join, await SaveAsync(wave, page, kind, join, cancel)));
                }
            }
        }
        List<Row> rows = [.. ranks.Select(entry => Row.Of(entry.Key.Join, entry.Key.Reach, entry.Value))];
        if (page is not null)
            await File.WriteAllTextAsync(Path.Combine(page, "seams.html"), PageOf(players, described.Bundle), cancel);
        Tell(rows, described.Bundle, described.BundleSha256, arguments.GetValue(SharedOptions.Json));
        return 0;
    }

    static async Task<string> SaveAsync(float[] wave, string folder, string kind, string join, CancellationToken cancel)
    {
        const int BitsPerSecond = 32_000;                                    // transparent for 16 kHz mono
        Directory.CreateDirectory(folder);
        var file = $"seams-{kind}-{join}.opus";
        await File.WriteAllBytesAsync(
            Path.Combine(folder, file), await OpusExport.EncodeAsync(wave, BitsPerSecond, cancel), cancel);
        return file;
    }

    static string PageOf(IReadOnlyList<(string Kind, string Join, string File)> players, string bundle)
    {
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Where are the joins?</title>
            <style>body { font: 16px sans-serif; max-width: 900px; margin: 2em auto } audio { width: 100% }</style>
            <h1>Where are the joins?</h1>
            <p>Sounds of {{Seconds:0}} s by {{WebUtility.HtmlEncode(bundle)}}, made by <code>rewas evaluate seams --page</code>
            from the energy of held-out scenes. A window lasts 5.12 s.
            End to end, joins lie at every multiple of that; where windows overlap, at every 4.16 s, and 0.96 s long.</p>

            """);
        foreach (var (kind, join, file) in players)
            page.AppendLine(CultureInfo.InvariantCulture, $"""<h2>{kind}, {join}</h2><audio controls src="{file}"></audio>""");
        return page.ToString();
    }

    static void Tell(List<Row> rows, string bundle, string hash, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { bundle, bundleSha256 = hash, rows }, JsonSerializerOptions.Web));
            return;
        }
        var table = new Table().AddColumns("join", "change over", "joins", "mean rank", "95%", "found").Border(TableBorder.Minimal);
        foreach (var row in rows)
            table.AddRow(
                row.Join,
                $"{10 * row.Reach} ms",
                $"{row.Joins}",
                Format(row.MeanRank),
                $"{Format(row.Low)} to {Format(row.High)}",
                FormattableString.Invariant($"{row.Found:P0}"));
        AnsiConsole.Write(table);
        Console.WriteLine($"chance: mean rank 0.5, 5% found; bundle {bundle}, bundle.json sha256 {hash}");
    }

    static string Format(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <param name="Join">One of <see cref="JoinNames"/>.</param>
    /// <param name="Reach">Mel frames.</param>
    /// <param name="Joins">How many.</param>
    /// <param name="MeanRank">0.5 by chance.</param>
    /// <param name="Low">Of its 95% interval.</param>
    /// <param name="High">Of its 95% interval.</param>
    /// <param name="Found">Part of the joins above the 95th percentile; 0.05 by chance.</param>
    sealed record Row(string Join, int Reach, int Joins, double MeanRank, double Low, double High, double Found)
    {
        public static Row Of(string join, int reach, IReadOnlyList<double> ranks)
        {
            var interval = Bootstrap.OfMean(ranks);
            return new(
                join,
                reach,
                ranks.Count,
                ranks.Average(),
                interval.Low,
                interval.High,
                ranks.Count(rank => rank > SeamDetector.Quantile) / (double)ranks.Count);
        }
    }
}
