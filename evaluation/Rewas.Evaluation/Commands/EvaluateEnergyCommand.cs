using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.VisualBasic.FileIO;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Video;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary>
/// <c>rewas evaluate energy</c>: the curve predicted from the picture beside that of the true sound, on scenes and on real videos.
/// </summary>
static class EvaluateEnergyCommand
{
    const string Index = "index.tsv";
    const double LongestVideoSeconds = 60;

    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "held-out scenes of each kind, 0 to 100 [default: 4]");
    static readonly Option<string?> Videos = new("--videos")
    {
        Description = "folder of real videos with their own sound",
        HelpName = "DIR",
    };
    static readonly Option<string[]> Where = new("--where")
    {
        Description = $"only videos that the folder's {Index} describes so: COLUMN begins with VALUE, e.g. sync_use=good; may be repeated",
        HelpName = "COLUMN=VALUE",
    };

    public static Command Create()
    {
        var command = new Command("energy", """
            Does the curve follow the picture? Pearson correlation of the energy predicted from the picture with that of the true sound:
            on held-out scenes of the kinds that training may show, on kinds that are kept from it, and on real videos, there beside two
            baselines: the difference of neighbouring frames, and the predicted curve moved by half the clip.
            """)
        {
            Clips, Videos, Where, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var count = (int)(arguments.WholeNumber(Clips, 0, 100) ?? 4);
        var json = arguments.GetValue(SharedOptions.Json);
        var videos = arguments.GetValue(Videos) is { } folder ? Chosen(folder, arguments.GetValue(Where) ?? []) : [];
        await using var stages =
            await Stages.ConnectAsync(arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
        var described = (await stages.Client.DescribeAsync(cancel))[0];

        var scenes = await ScenesAsync(stages.Client, count, json, cancel);
        var real = new List<RealRow>();
        foreach (var path in videos)
        {
            real.Add(await RealAsync(stages.Client, path, cancel));
            Tell(json, $"{real.Count}/{videos.Count} {real[^1].Video}: {real[^1].Predicted:F2}");
        }
        Print(new(described.Bundle, described.BundleSha256, scenes, real), json);
        return 0;
    }

    static async Task<List<SceneRow>> ScenesAsync(RewasClient client, int clipsEach, bool json, CancellationToken cancel)
    {
        var rows = new List<SceneRow>();
        var folder = PrivateFolder.Create("rewas-evaluate-");
        try
        {
            foreach (var kind in clipsEach == 0 ? [] : SceneCatalog.Kinds)
            {
                var scores = new List<double>();
                for (var i = 0; i < clipsEach; i++)
                {
                    var (seed, path) = (EvaluateCommand.FirstSeed + (ulong)i, Path.Combine(folder.Path, $"{kind}{i}.mp4"));
                    await SceneFiles.WriteAsync(
                        kind, seed, path, 256, 256, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
                    var wave = SceneCatalog.Create(kind, seed).RenderWave();
                    var predicted = await PredictAsync(client, path, cancel);
                    scores.Add(Correlation.Pearson(TrueEnergy(wave), predicted));
                    File.Delete(path);
                }
                rows.Add(new(kind, !SceneCatalog.Unseen.Contains(kind), scores.Average()));
                Tell(json, $"{kind}: {scores.Average():F2}");
            }
        }
        finally
        {
            folder.Dispose();
        }
        return rows;
    }

    static async Task<RealRow> RealAsync(RewasClient client, string path, CancellationToken cancel)
    {
        var truth = TrueEnergy(await SoundReader.ReadFloatsAsync(path, TimeSpan.FromSeconds(LongestVideoSeconds), cancel));
        var predicted = await PredictAsync(client, path, cancel);
        var motion = await MotionAsync(path, cancel);
        var length = Math.Min(Math.Min(truth.Length, predicted.Length), motion.Length);
        var (curve, own) = (truth[..length], predicted[..length]);
        float[] moved = [.. own[(length / 2)..], .. own[..(length / 2)]];
        return new(
            Path.GetFileName(path),
            Correlation.Pearson(curve, own),
            Correlation.Pearson(curve, motion.AsSpan(0, length)),
            Correlation.Pearson(curve, moved));
    }

    static async Task<float[]> PredictAsync(RewasClient client, string path, CancellationToken cancel) =>
        [.. (await client.PredictEnergyAsync(new EnergyRequest { Video = VideoSource.FromFile(path) }, cancellation: cancel)).Energy];

    static float[] TrueEnergy(float[] wave)
    {
        Loudness.NormaliseForTraining(wave);
        return Smooth(Energy.OfLogMel(MelSpectrogram.LogMel(wave)));
    }

    /// <summary>Mean absolute difference of neighbouring frames, as a logarithm: the simplest guess from the picture.</summary>
    static async Task<float[]> MotionAsync(string path, CancellationToken cancel)
    {
        const int MelFramesPerFrame = ClipTiming.MelFramesPerWindow / ClipTiming.FramesPerWindow;
        var timing = new ClipTiming { FrameSize = 64, ResizeShorterSide = 74 };
        var facts = await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel);
        byte[] before = [];
        var curve = new List<float>();
        await foreach (var frame in FrameReader.ReadAsync(path, facts, timing, cancel))
        {
            var difference = before.Length == 0 ? 0 : before.Zip(frame.ToArray(), (a, b) => Math.Abs(a - b)).Average();
            curve.AddRange(Enumerable.Repeat((float)Math.Log(difference + 0.1), MelFramesPerFrame));
            before = frame.ToArray();
        }
        return Smooth([.. curve]);
    }

    /// <summary>Window by window as a prediction is; the last one is continued by its last value.</summary>
    static float[] Smooth(float[] energy)
    {
        const int Window = ClipTiming.MelFramesPerWindow;
        var timing = new ClipTiming();
        return [
            .. energy.Chunk(Window).SelectMany(
                part => Energy.Control([.. part, .. Enumerable.Repeat(part[^1], Window - part.Length)], timing).Take(part.Length)),
        ];
    }

    /// <summary>The videos of a folder, or those that its index describes as asked.</summary>
    static List<string> Chosen(string folder, string[] conditions)
    {
        if (!Directory.Exists(folder))
            throw InputFault.NotFound("videos", $"'{folder}' does not exist");
        if (conditions.Length == 0)
            return [
                .. Directory.EnumerateFiles(folder)
                    .Where(f => Path.GetExtension(f) is ".mp4" or ".mov" or ".mkv" or ".webm" or ".avi")
                    .Order(StringComparer.Ordinal),
            ];
        var index = Path.Combine(folder, Index);
        if (!File.Exists(index))
            throw InputFault.NotFound("where", $"'{index}' does not exist");
        using var parser = new TextFieldParser(index) { TextFieldType = FieldType.Delimited, HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters("\t");
        var header = parser.ReadFields() ?? [];
        var wanted = conditions.Select(condition =>
            condition.Split('=', 2) is [var column, var value] && Array.IndexOf(header, column) is >= 0 and var at
            ? (At: at, Value: value)
            : throw InputFault.Invalid(
                "where", $"'{condition}' must be COLUMN=VALUE with a column of {Index}: {string.Join(", ", header)}")).ToArray();
        var chosen = new List<string>();
        while (parser.ReadFields() is { } row)
        {
            if (wanted.All(w => w.At < row.Length && row[w.At].StartsWith(w.Value, StringComparison.Ordinal)))
                chosen.Add(Path.Combine(folder, Path.GetFileName(row[0])));
        }
        return chosen.Count > 0 ? chosen : throw InputFault.Invalid("where", $"no video of '{index}' is so described");
    }

    static void Tell(bool json, FormattableString line)
    {
        if (!json)
            Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    static void Print(Report report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            return;
        }
        if (report.Scenes.Count > 0)
        {
            var table = new Table().AddColumns("scene", "kept from training", "correlation").Border(TableBorder.Minimal);
            foreach (var row in report.Scenes)
                table.AddRow(row.Kind, row.Seen ? "no" : "yes", Format(row.Predicted));
            table.AddRow("mean of kinds that training may show", "no", Format(report.SeenKinds))
                .AddRow("mean of kinds kept from it", "yes", Format(report.UnseenKinds));
            AnsiConsole.Write(table);
        }
        if (report.Videos.Count > 0)
        {
            var table = new Table().AddColumns("video", "predicted", "frame difference", "moved by half").Border(TableBorder.Minimal);
            foreach (var row in report.Videos)
                table.AddRow(Markup.Escape(row.Video), Format(row.Predicted), Format(row.FrameDifference), Format(row.Moved));
            table.AddRow(
                "mean",
                Format(report.Videos.Average(r => r.Predicted)),
                Format(report.Videos.Average(r => r.FrameDifference)),
                Format(report.Videos.Average(r => r.Moved)));
            AnsiConsole.Write(table);
        }
        Console.WriteLine(
            $"Pearson correlation with the energy of the true sound; bundle {report.Bundle}, bundle.json sha256 {report.BundleSha256}");
    }

    static string Format(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    sealed record SceneRow(string Kind, bool Seen, double Predicted);

    sealed record RealRow(string Video, double Predicted, double FrameDifference, double Moved);

    sealed record Report(string Bundle, string BundleSha256, IReadOnlyList<SceneRow> Scenes, IReadOnlyList<RealRow> Videos)
    {
        public double SeenKinds => Scenes.Where(s => s.Seen).Select(s => s.Predicted).DefaultIfEmpty().Average();

        public double UnseenKinds => Scenes.Where(s => !s.Seen).Select(s => s.Predicted).DefaultIfEmpty().Average();
    }
}
