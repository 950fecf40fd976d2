using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Sounds;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Sound.Mel;
using Spectre.Console;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate edits</c>: does the sound do what an edit of its curve asks for?</summary>
static class EvaluateEditsCommand
{
    const double MuteSeconds = 1, EventDecibels = 3, ShiftSeconds = 0.3;

    /// <summary>Half a frame of a latent: what cannot be told apart in time.</summary>
    const double EdgeSeconds = 0.04;

    const double LeastMuteDecibels = 20, EventTolerance = 0.06, ShiftTolerance = 0.04, LargestShift = 0.8;

    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "scenes, 1 to 1000 [default: 12]");
    static readonly Option<string?> Steps = NumberOption.Create("--steps", "N", "sampling steps, 1 to 1000 [default: the bundle's]");

    public static Command Create()
    {
        var command = new Command("edits", """
            Does the sound do what an edit asks for? For each held-out scene the sound is made from the energy of its picture, and again
            with one edit: its loudest second muted (how many dB quieter is it there?), an event added where it is quietest (how far
            from it does the sound set in?), everything shifted by 300 ms (by how much is the energy of the sound shifted?).
            """)
        {
            Clips, Steps, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var count = (int)(arguments.WholeNumber(Clips, 1, 1000) ?? 12);
        var steps = (int?)arguments.WholeNumber(Steps, 1, 1000);
        var json = arguments.GetValue(SharedOptions.Json);
        var folder = PrivateFolder.Create("rewas-evaluate-");
        try
        {
            await using var stages = await Stages.ConnectAsync(
                arguments.GetValue(SharedOptions.Gateway), arguments.GetRequiredValue(SharedOptions.Bundle), cancel);
            var described = (await stages.Client.DescribeAsync(cancel))[0];
            var rows = new List<Row>();
            for (var clip = 0; clip < count; clip++)
            {
                rows.Add(await MeasureAsync(stages.Client, clip, steps, folder.Path, cancel));
                if (!json)
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{clip + 1}/{count} {rows[^1].Kind}: muted {rows[^1].MutedDecibels:F1} dB, event "
                        + $"{Text(rows[^1].EventSeconds)}, shift {rows[^1].ShiftSeconds:F2} s"));
            }
            Tell(new(described.Bundle, described.BundleSha256, rows), json);
            return 0;
        }
        finally
        {
            folder.Dispose();
        }
    }

    static async Task<Row> MeasureAsync(RewasClient client, int clip, int? steps, string folder, CancellationToken cancel)
    {
        var (kind, seed) = (SceneCatalog.Basic[clip % SceneCatalog.Basic.Count], EvaluateCommand.FirstSeed + (ulong)clip);
        var video = Path.Combine(folder, FormattableString.Invariant($"{clip}.mp4"));
        await SceneFiles.WriteAsync(kind, seed, video, 256, 256, SceneCatalog.SecondsPerClip, withSound: false, cancellationToken: cancel);
        var caption = SceneCatalog.Create(kind, seed).Caption;
        var predicted = await client.PredictEnergyAsync(new() { Video = VideoSource.FromFile(video) }, cancellation: cancel);
        var curve = EnergyCurve.Of([.. predicted.Energy]);

        var plain = await MakeAsync();
        var loudest = Place(curve, MuteSeconds, (mean, best) => mean > best);
        var muted = await MakeAsync(new MuteEdit(new(loudest, loudest + MuteSeconds)));
        // Where it is quiet enough for an event to be one: the rest of the curve gives way to it.
        var quietest = Place(curve, MuteSeconds, (mean, best) => mean < best) + MuteSeconds / 2;
        var struck = await MakeAsync(new GainEdit(null, -20), new EventEdit(quietest, 20 + EventDecibels));
        var shifted = await MakeAsync(new ShiftEdit(null, ShiftSeconds));
        return new(kind, caption,
            Level(plain, loudest + EdgeSeconds, loudest + MuteSeconds - EdgeSeconds)
                - Level(muted, loudest + EdgeSeconds, loudest + MuteSeconds - EdgeSeconds),
            Nearest(struck, quietest),
            Nearest(plain, quietest),
            Lag(Energy.OfLogMel(MelSpectrogram.LogMel(plain)), Energy.OfLogMel(MelSpectrogram.LogMel(shifted))));

        async Task<float[]> MakeAsync(params IReadOnlyList<CurveEdit> edits)
        {
            var wave = new GeneratedWave();
            await client.GenerateAsync(
                new GenerateRequest
                {
                    Video = VideoSource.FromFile(video),
                    Energy = new(curve, predicted.Video) { Descriptors = predicted.Descriptors },
                    Edits = edits,
                    Options = new() { Prompt = caption, Seed = (ulong)clip, Steps = steps ?? 0 },
                    Sink = wave.AddAsync,
                },
                cancellation: cancel);
            return wave.ToArray();
        }
    }

    /// <summary>Where a stretch begins whose mean energy is the best, at least half a second from the ends.</summary>
    static double Place(EnergyCurve curve, double seconds, Func<float, float, bool> isBetter)
    {
        var (length, margin) = (EnergyCurve.IndexAt(seconds), EnergyCurve.IndexAt(0.5));
        var (best, mean) = (margin, TensorPrimitives.Average(curve.Values.Slice(margin, length)));
        for (var start = margin; start + length + margin <= curve.Count; start++)
            if (TensorPrimitives.Average(curve.Values.Slice(start, length)) is var here && isBetter(here, mean))
                (best, mean) = (start, here);
        return EnergyCurve.SecondsAt(best);
    }

    /// <summary>From a time to the onset that is nearest to it, s; null where there is none.</summary>
    static double? Nearest(float[] wave, double time) =>
        OnsetDetection.Find(wave) is { Count: > 0 } onsets ? onsets.MinBy(onset => Math.Abs(onset.Seconds - time)).Seconds - time : null;

    /// <summary>Root mean square of a stretch, dB below full scale; -100 for silence.</summary>
    static double Level(float[] wave, double from, double to)
    {
        var part = wave.AsSpan((int)(from * ClipTiming.SampleRate)..(int)(to * ClipTiming.SampleRate));
        return Math.Max(-100, 10 * Math.Log10(TensorPrimitives.SumOfSquares<float>(part) / part.Length + 1e-30));
    }

    /// <summary>By how much later the second curve is the most like the first, s.</summary>
    static double Lag(float[] first, float[] second)
    {
        var (largest, best, at) = (EnergyCurve.IndexAt(LargestShift), double.NegativeInfinity, 0);
        for (var lag = -largest; lag <= largest; lag++)
        {
            var (from, count) = (Math.Max(0, -lag), first.Length - Math.Abs(lag));
            if (Correlation.Pearson(first.AsSpan(from, count), second.AsSpan(from + lag, count)) is var correlation && correlation > best)
                (best, at) = (correlation, lag);
        }
        return EnergyCurve.SecondsAt(at);
    }

    static void Tell(Report report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            return;
        }
        var table = new Table().AddColumns("edit", "asked for", "median", "within it").Border(TableBorder.Minimal);
        table.AddRow(
            "mute 1 s",
            $"at least {LeastMuteDecibels:0} dB quieter",
            FormattableString.Invariant($"{Median(report.Clips.Select(c => c.MutedDecibels)):F1} dB"),
            Part(report.Muted));
        table.AddRow(
            "add an event",
            $"an onset within {1000 * EventTolerance:0} ms",
            FormattableString.Invariant($"{1000 * Median(report.Clips.Select(c => Math.Abs(c.EventSeconds ?? 10))):F0} ms"),
            $"{Part(report.Events)} (without the event {Part(report.EventsByChance)})");
        table.AddRow(
            "shift by 300 ms",
            $"{1000 * ShiftSeconds:0} +- {1000 * ShiftTolerance:0} ms",
            FormattableString.Invariant($"{1000 * Median(report.Clips.Select(c => c.ShiftSeconds)):F0} ms"),
            Part(report.Shifts));
        AnsiConsole.Write(table);
        Console.WriteLine($"{report.Clips.Count} scenes; bundle {report.Bundle}, bundle.json sha256 {report.BundleSha256}");
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    static string Part(double part) => FormattableString.Invariant($"{part:P0}");

    static string Text(double? seconds) => seconds is { } found ? FormattableString.Invariant($"{found:F2} s") : "none";

    /// <param name="Kind">Of the scene.</param>
    /// <param name="Prompt">Its caption.</param>
    /// <param name="MutedDecibels">By how much the muted second is quieter than without the edit.</param>
    /// <param name="EventSeconds">From the event to the nearest onset; null: there is no onset.</param>
    /// <param name="ChanceSeconds">The same without the event.</param>
    /// <param name="ShiftSeconds">By how much the sound is later.</param>
    sealed record Row(string Kind, string Prompt, double MutedDecibels, double? EventSeconds, double? ChanceSeconds, double ShiftSeconds);

    sealed record Report(string Bundle, string BundleSha256, IReadOnlyList<Row> Clips)
    {
        public double Muted => Clips.Average(clip => clip.MutedDecibels >= LeastMuteDecibels ? 1.0 : 0);

        public double Events => Clips.Average(clip => Math.Abs(clip.EventSeconds ?? double.MaxValue) <= EventTolerance ? 1.0 : 0);

        public double EventsByChance => Clips.Average(clip => Math.Abs(clip.ChanceSeconds ?? double.MaxValue) <= EventTolerance ? 1.0 : 0);

        public double Shifts => Clips.Average(clip => Math.Abs(clip.ShiftSeconds - ShiftSeconds) <= ShiftTolerance + 1e-9 ? 1.0 : 0);
    }
}
