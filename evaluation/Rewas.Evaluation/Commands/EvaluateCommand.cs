using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Evaluation.Sounds;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate</c>: figures on held-out material, through the same pipeline that users call.</summary>
static class EvaluateCommand
{
    /// <summary>Of the scenes that commands render.</summary>
    internal const ulong FirstSeed = SceneCatalog.FirstHeldOutSeed;

    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "scenes, 2 to 1000 [default: 20]");
    static readonly Option<string?> Seed = NumberOption.Create("--seed", "N", "seed of the sampling [default: 0]");

    public static RootCommand Create() => new("Measures a bundle on material that it was not trained on.")
    {
        Control(),
        EvaluateEnergyCommand.Create(),
        EvaluateCompareCommand.Create(),
        EvaluateTableCommand.Create(),
        EvaluateTable2Command.Create(),
        EvaluateGalleryCommand.Create(),
        EvaluateSeamsCommand.Create(), EvaluateLabelsCommand.Create(), EvaluateEditsCommand.Create(), EvaluatePrecisionCommand.Create(),
        EvaluateRebuildCommand.Create(), EvaluatePlacementCommand.Create(), EvaluateConflictCommand.Create(), EvaluateGuardCommand.Create(),
        EvaluateListenCommand.Create(),
        SceneCommand.Create(), FitConflictCommand.Create(),
    };

    static Command Control()
    {
        var command = new Command("control", """
            Does the sound follow the picture? For each held-out procedural scene (of six basic kinds): correlation of the true sound's
            energy with that of the sound generated from its picture and caption, and, for comparison, with that of the sound generated
            from another scene's picture.
            """)
        {
            Clips, Seed, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var count = (int)(arguments.WholeNumber(Clips, 2, 1000) ?? 20);
        var seed = arguments.WholeNumber(Seed, 0, uint.MaxValue) ?? 0;
        var json = arguments.GetValue(SharedOptions.Json);
        var folder = PrivateFolder.Create("rewas-evaluate-");
        try
        {
            await using var stages = await Stages.ConnectAsync(
                arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
            var described = await stages.Client.DescribeAsync(cancel);
            var rows = new List<Row>();
            for (var i = 0; i < count; i++)
            {
                var (scene, video) = await RenderAsync(i, folder.Path, cancel);
                var (_, otherVideo) = await RenderAsync((i + 1) % count, folder.Path, cancel);
                var truth = TrueEnergy(scene);
                var own = await GenerateAsync(stages.Client, video, scene.Caption, seed, cancel);
                var other = await GenerateAsync(stages.Client, otherVideo, scene.Caption, seed, cancel);
                rows.Add(new(
                    scene.Kind,
                    scene.Caption,
                    Correlation.Pearson(truth, own.Predicted),
                    Correlation.Pearson(truth, own.Generated),
                    Correlation.Pearson(truth, other.Generated)));
                if (!json)
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{i + 1}/{count} {rows[^1].Kind}: {rows[^1].Generated:F2} (other picture: {rows[^1].OtherPicture:F2})"));
            }
            Tell(rows, described[0].Bundle, described[0].BundleSha256, json);
            return 0;
        }
        finally
        {
            folder.Dispose();
        }
    }

    static async Task<(Scene Scene, string Video)> RenderAsync(int number, string folder, CancellationToken cancel)
    {
        var (kind, seed) = (SceneCatalog.Basic[number % SceneCatalog.Basic.Count], FirstSeed + (ulong)number);
        var path = Path.Combine(folder, FormattableString.Invariant($"{number}.mp4"));
        if (!File.Exists(path))
            await SceneFiles.WriteAsync(
                kind, seed, path, 256, 256, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
        return (SceneCatalog.Create(kind, seed), path);
    }

    static async Task<(float[] Predicted, float[] Generated)> GenerateAsync(
        RewasClient client, string video, string prompt, long seed, CancellationToken cancel)
    {
        var wave = new GeneratedWave();
        var result = await client.GenerateAsync(
            new GenerateRequest
            {
                Video = VideoSource.FromFile(video),
                Options = new() { Prompt = prompt, Seed = (ulong)seed },
                Sink = wave.AddAsync,
            },
            cancellation: cancel);
        return ([.. result.Energy], EnergyOf(wave.ToArray()));
    }

    static float[] TrueEnergy(Scene scene)
    {
        var wave = scene.RenderWave();
        Loudness.NormaliseForTraining(wave);
        return EnergyOf(wave);
    }

    /// <summary>The published definition at the published smoothing, whatever layout the bundle has: [512].</summary>
    internal static float[] EnergyOf(float[] wave) => Energy.Control(Energy.OfLogMel(MelSpectrogram.LogMel(wave)), new ClipTiming());

    static void Tell(List<Row> rows, string bundle, string hash, bool json)
    {
        var summary = new
        {
            bundle,
            bundleSha256 = hash,
            clips = rows.Count,
            predictedEnergyCorrelation = rows.Average(r => r.Predicted),
            generatedEnergyCorrelation = rows.Average(r => r.Generated),
            otherPictureCorrelation = rows.Average(r => r.OtherPicture),
            rows,
        };
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(summary, JsonSerializerOptions.Web));
            return;
        }
        var table = new Table().AddColumns("scene", "prompt", "predicted", "generated", "from another picture").Border(TableBorder.Minimal);
        foreach (var row in rows.Append(new Row(
            "mean",
            "",
            summary.predictedEnergyCorrelation,
            summary.generatedEnergyCorrelation,
            summary.otherPictureCorrelation)))
            table.AddRow(row.Kind, Markup.Escape(row.Prompt), Format(row.Predicted), Format(row.Generated), Format(row.OtherPicture));
        AnsiConsole.Write(table);
        Console.WriteLine($"Pearson correlation with the energy of the true sound; bundle {bundle}, bundle.json sha256 {hash}");
    }

    static string Format(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    sealed record Row(string Kind, string Prompt, double Predicted, double Generated, double OtherPicture);
}
