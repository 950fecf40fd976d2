using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Guards;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Sounds;
using Rewas.Rendering.Guards;
using Rewas.Sound;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.Evaluation.Commands;

/// <summary><c>rewas evaluate guard</c>: does the guard hear voices and music, and only those?</summary>
static class EvaluateGuardCommand
{
    const string HeldOut = "held-out", Thresholds = "thresholds";

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    static readonly Option<string[]> Recordings = new("--recordings")
    {
        Description = "folder with an index.csv, as given to `rewas train guard`; may be repeated",
        HelpName = "DIR",
    };
    static readonly Option<string[]> LeftOut = new("--left-out")
    {
        Description = "recordings that are not used, by values of columns, such as set=ESC-10,fold=4; may be repeated",
        HelpName = "COLUMN=VALUE,...",
        DefaultValueFactory = _ => ["set=ESC-10,fold=4", "ship=no"],
    };
    static readonly Option<string?> Clips = NumberOption.Create("--clips", "N", "clips of each figure, 10 to 2000 [default: 200]");
    static readonly Option<string?> Made = NumberOption.Create(
        "--made", "N", "sounds to make with the bundle, for false alarms on them and the guard's share of the time, 0 to 500 [default: 0]");

    static readonly Option<string?> Keep = new("--keep")
    {
        Description = "an empty folder for the made sounds, with an index.csv for `rewas train guard --recordings`",
        HelpName = "DIR",
    };
    static readonly Option<string> Side = new("--side")
    {
        Description = "held-out: what no training and no threshold had; thresholds: what set the thresholds, to look at while choosing",
        DefaultValueFactory = _ => HeldOut,
    };
    static readonly Option<bool> List = new("--list") { Description = "also name the clips of each wrong answer" };

    public static Command Create()
    {
        var command = new Command("guard", """
            Does the guard hear voices and music, and only those? Voices of espeak-ng, music of fluidsynth and recordings that
            `rewas train guard` did not use: recall alone and under Foley, and false alarms.

            Example:
              rewas evaluate guard --recordings ../shared/data/sounds --recordings ../shared/data/foley-cc0 --made 40
            """)
        {
            Recordings, LeftOut, Clips, Made, Keep, Side, List, SharedOptions.Bundle,
        };
        Side.AcceptOnlyFromAmong(HeldOut, Thresholds);
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var clips = (int)(arguments.WholeNumber(Clips, 10, 2000) ?? 200);
        var made = (int)(arguments.WholeNumber(Made, 0, 500) ?? 0);
        var leftOut = (arguments.GetValue(LeftOut) ?? []).Select(Columns).ToList();
        if (arguments.GetValue(Recordings) is not { Length: > 0 } folders)
            throw InputFault.Invalid("recordings", "must be given: --recordings DIR");
        using var guard = SoundGuard.Load(Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle)), new());
        if (guard.Name is not { } name)
            throw InputFault.Precondition("bundle", "has no network that hears voices and music");

        var side = arguments.GetRequiredValue(Side) == HeldOut ? GuardSide.HeldOut : GuardSide.Thresholds;
        var foley = await FoleyAsync(side, folders, leftOut, cancel);
        var sounds = await GuardSounds.OpenAsync(
            path: null, side, (clips, Math.Max(10, clips * 2 / 5), clips), RenderedMusic.UsualFont, cancel);
        var mixer = new GuardMixer(sounds, foley);
        var figures = new GuardFigures(guard, mixer);
        Console.WriteLine($"guard: {name}");
        Write(figures.FalseAlarms($"false alarms on {arguments.GetValue(Side)} recordings", foley.Select(GuardMixer.Alone), cancel));
        Write(figures.FalseAlarms(
            "false alarms on mixed Foley",
            Enumerable.Range(0, 2 * clips).Select(i => mixer.Mix((ulong)i, false, false, false, null)), cancel));
        foreach (var figure in figures.Recalls(clips, cancel))
            Write(figure);
        if (made > 0)
            await MeasureMadeAsync(
                arguments.GetRequiredValue(SharedOptions.Bundle), guard, made,
                arguments.GetValue(Keep) is { } folder ? new MadeFolder(folder) : null, cancel);
        return 0;

        void Write(GuardFigure figure)
        {
            var (low, high) = (figure.Interval.Low, figure.Interval.High);
            Console.WriteLine(FormattableString.Invariant(
                $"{figure.Name}: {figure.Share:0.000} ({low:0.000} to {high:0.000}), {figure.Clips} clips"));
            foreach (var clip in arguments.GetValue(List) ? figure.Wrong : [])
                Console.WriteLine($"  {clip}");
        }
    }

    /// <summary>Makes sounds of scenes that no training had, and hears each at once.</summary>
    static async Task MeasureMadeAsync(string bundle, SoundGuard guard, int count, MadeFolder? kept, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(gateway: null, bundle, cancel);
        var (making, hearing, alarms) = (TimeSpan.Zero, TimeSpan.Zero, new List<string>());
        for (var i = 0; i < count; i++)
        {
            var kind = SceneCatalog.Kinds[i % SceneCatalog.Kinds.Count];
            var scene = SceneCatalog.Create(kind, EvaluateCommand.FirstSeed + (ulong)i);
            var curve = RecordingEnergy.Of(scene.RenderWave(), new());
            var options = new V1.GenerateOptions { Prompt = scene.Captions[0], Seed = (ulong)i };
            var started = Stopwatch.GetTimestamp();
            var wave = await GeneratedWave.UnderAsync(stages.Client, curve, options, cancel);
            var made = Stopwatch.GetTimestamp();
            var report = guard.Hear(wave, cancel);
            if (i > 0)                                                       // the first call loads the networks
                (making, hearing) = (making + Stopwatch.GetElapsedTime(started, made), hearing + Stopwatch.GetElapsedTime(made));
            if (kept is not null)
                await kept.AddAsync(wave, kind, cancel);
            if (report.Heard.Count > 0)
                alarms.Add($"{options.Prompt}: {report.Describe(HeardKinds.All)}");
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"false alarms on {count} made sounds: {(double)alarms.Count / count:0.000}; "
            + $"time of the guard: {hearing / making:0.0%} of the making"));
        foreach (var alarm in alarms)
            Console.WriteLine($"  {alarm}");
    }

    static async Task<IReadOnlyList<GuardRecording>> FoleyAsync(
        GuardSide side, IEnumerable<string> folders, List<Dictionary<string, string>> leftOut, CancellationToken cancel)
    {
        var rows = folders.SelectMany(folder => RecordingIndex.Read(folder, "file", "label", "url or source")
            .Where(row => !leftOut.Any(values => values.All(value => row.TryGetValue(value.Key, out var field) && field == value.Value)))
            .Select(row => (
                Path: Path.Combine(folder, row["file"]),
                Label: row["label"],
                Take: row.TryGetValue("url", out var url) ? url : row["source"])));
        var foley = new List<GuardRecording>();
        foreach (var row in GuardFoley.Divide(rows, row => row.Label, row => row.Take)[side])
            foley.Add(new(row.Label, await SoundReader.ReadAsync(row.Path, Longest, cancel)));
        return foley.Count > 0 ? foley : throw InputFault.Precondition("recordings", "have no label with five takes, so none is held out");
    }

    static Dictionary<string, string> Columns(string text) => text.Split(',').Select(part => part.Split('=', 2)).ToDictionary(
        part => part[0], part => part.Length == 2
            ? part[1]
            : throw InputFault.Invalid("left-out", $"must be COLUMN=VALUE, separated by commas, but is '{text}'"));
}
