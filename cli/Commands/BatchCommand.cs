using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Batch;
using Rewas.Cli.Making;
using Rewas.Cli.Output;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Rendering.Timelines;
using Rewas.V1;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas batch</c>: makes many files from a manifest, as a durable job.</summary>
static class BatchCommand
{
    /// <summary>Folder of this process's jobs, inside the folder of the outputs. The same command finds them again there.</summary>
    const string StateFolder = ".rewas-jobs";

    const int MostWarnings = 10;

    static readonly Argument<string> Manifest = new("manifest")
    {
        Description = $"CSV, UTF-8, one file to make for each line; columns {BatchColumns.All}; or a cut: "
            + $".{string.Join(", .", TimelineFormats.All)}",
    };
    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "folder for the outputs; created if it is missing",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };
    static readonly Option<string?> Videos = new("--videos")
    {
        Description = "folder of the videos; all must be below it [default: the manifest's]",
        HelpName = "DIR",
    };
    static readonly Option<string> Format = new("--format")
    {
        Description = $"format of outputs without a name in the manifest: {string.Join(", ", SoundFiles.Formats)}",
        HelpName = "NAME",
        DefaultValueFactory = _ => SoundFiles.UsualFormat,
    };
    static readonly Option<string?> ResultTimeline = new("--timeline")
    {
        Description = $"write the files as a timeline too: .{string.Join(", .", TimelineFormats.All)} "
            + "[default for a cut: NAME-sound in the folder]",
        HelpName = "FILE",
    };
    static readonly Option<string?> Steps =
        NumberOption.Create("--steps", "N", "sampling steps for lines without their own, 1 to 1000 [default: the bundle's]");
    static readonly Option<string?> Factor = NumberOption.Create(
        "--real-time-factor",
        "F",
        "seconds of work for one second of sound, for an estimate before the start [default: measured from the first file]");
    static readonly Option<string?> Parallel =
        NumberOption.Create("--parallel", "N", "files made at a time without --gateway, 1 to 100 [default: 2]");

    public static Command Create()
    {
        var command = new Command("batch", """
            Makes many files from a manifest. Each is named after its video, or NAME-sound if the folder holds videos, so that no
            video is replaced. A run that was interrupted, by Ctrl-C or a crash, continues when the command is called again:
            finished files are kept and failed ones are tried again. Failures are listed in failures.csv beside the outputs.
            With --gateway the videos are sent, and the job continues there without this program.
            Exit code: 0 all files were made, 1 some were not, 2 wrong input, 130 interrupted.

            Examples:
              rewas batch films.csv -o out
              rewas batch films.csv -o out --format wav --gateway http://127.0.0.1:5100

            films.csv:
              file,prompt,seed
              bounce.mp4,"a ball bouncing on wood, in a large hall",7
              rain.mp4,heavy rain on a roof,

            A cut of an editor (.otio, .otioz, .edl, .fcpxml) gets a sound for each clip of its first track of pictures, or for each marked
            range. The prompt is a note, a comment, a marker or the name of the clip. The sounds come back as new tracks of the cut.
              rewas batch scene.otio -o out --videos rushes

            A line without a file is sound without a picture. sounds.csv:
              seconds,prompt,sample-format
              6,rain on a roof,pcm24
            """)
        {
            Manifest,
            Output,
            Videos,
            Format,
            ResultTimeline,
            Steps,
            Factor,
            Parallel,
            LengthLimit.Option,
            SharedOptions.Bundle,
            SharedOptions.Precision,
            SharedOptions.Gateway,
            SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(RunAsync));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (path, gateway, json) = (
            arguments.GetRequiredValue(Manifest), arguments.GetValue(SharedOptions.Gateway), arguments.GetValue(SharedOptions.Json));
        var videos = Path.GetFullPath(arguments.GetValue(Videos) ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        var format = arguments.GetRequiredValue(Format);
        SoundFiles.ThrowUnlessFormat(format);
        var steps = arguments.WholeNumber(Steps, (long)OrderTable.Steps.Minimum!, (long)OrderTable.Steps.Maximum!);
        var parallel = arguments.WholeNumber(Parallel, 1, 100);
        var factor = arguments.Number(Factor);
        if (factor is { } given)
            InputFault.ThrowUnlessInRange("real-time-factor", given, 0.001, 10_000);
        if (parallel is not null && gateway is not null)
            throw InputFault.Invalid("parallel", "must not be given with --gateway: the service sets it (Jobs:MaxParallelItems)");
        var length = LengthLimit.Read(arguments);
        var precision = SharedOptions.ReadPrecision(arguments);
        var output = arguments.GetRequiredValue(Output);
        var result = arguments.GetValue(ResultTimeline);
        if (result is not null)
            TimelineFormats.ThrowUnlessName(result);
        Dictionary<string, string> defaults =
            steps is { } n ? new() { [OrderTable.Steps.Name] = n.ToString(CultureInfo.InvariantCulture) } : [];
        TimelineBatch? cut = null;
        if (TimelineFormats.IsName(path))
        {
            var sounds = arguments.GetResult(Format) is { Implicit: false } ? format : WithoutPicture.UsualFormat;
            cut = await TimelineBatch.ReadAsync(
                path, videos, sounds, defaults, Path.Combine(CreateFolder(output), StateFolder, "cuts"), cancel);
            videos = cut.CutsFolder;
        }
        var manifest = cut?.Manifest ?? BatchManifest.Read(path, videos, output, format, defaults);
        var folder = CreateFolder(output);
        result ??= cut is null ? null : Path.Combine(folder, cut.ResultName);
        PromptWarning.Tell(
            manifest.Items.Where(item => item.Wanted.Options.Words != WordsNames.Literal)
                .Select(item => ($"line {item.Line}: prompt", (string?)item.Wanted.Options.Prompt))
                .Where(line => PromptWarning.Of(line.Item2!).Length > 0)
                .Take(MostWarnings));
        manifest.ThrowIfInputsAreReplaced(path, folder, result);
        if (gateway is not null)
            manifest.ThrowUnlessRecordingsCanBeSent(videos);
        var estimate = await BatchEstimate.OfAsync(manifest, factor, cancel);
        var (job, failures) = await BatchProgress.ShowAsync(json, async progress =>
        {
            progress.Say(estimate.Text);
            await using var stages = await Stages.ConnectAsync(
                gateway,
                arguments.GetRequiredValue(SharedOptions.Bundle),
                cancel,
                precision,
                gateway is null ? Hosted(Path.Combine(folder, StateFolder), videos, parallel ?? 2) : null,
                settings: length.Settings);
            estimate.Start();
            return await new BatchRun(stages.Client, manifest, folder, videos, uploads: gateway is not null, progress)
                .RunAsync(estimate, cancel);
        });
        var report = FailureReport.Write(folder, [.. failures]);
        if (result is not null)
            await (cut is not null
                ? cut.WriteAsync(result, folder, cancel)
                : TimelineFormats.WriteAsync(
                    await FilmTimeline.OfAsync(Path.GetFileNameWithoutExtension(path), manifest, folder, cancel), result, byName: false,
                    cancel));
        Console.WriteLine(json
            ? JsonSerializer.Serialize(
                new
                {
                    job = job.JobId,
                    state = job.State.ToString().ToLowerInvariant(),
                    files = job.Items,
                    succeeded = job.Succeeded,
                    failed = job.Failed,
                    cancelled = job.Cancelled,
                    failures = report,
                    timeline = result,
                },
                JsonSerializerOptions.Web)
            : $"{folder}: {job.Succeeded} of {job.Items} files "
                + "made"
                + (report is null ? "" : $", {job.Failed} failed: {report}")
                + (job.Cancelled > 0 ? $", {job.Cancelled} cancelled" : "")
                + (result is not null ? $"; timeline: {result}" : ""));
        return job.State == JobState.Succeeded ? 0 : ExitCodes.Failed;
    }

    /// <summary>Settings of the jobs in this process. They override what the environment configures for services.</summary>
    static string[] Hosted(string folder, string videos, long parallel) =>
        [
            $"--Store:Folder={folder}",
            $"--Jobs:ReadableFolder={videos}",
            $"--Jobs:MaxParallelItems={parallel}",
            "--Store:Postgres=",
            "--Store:S3:Bucket=",
            "--Store:S3:ServiceUrl=",
            "--Jobs:Studio=",
        ];

    static string CreateFolder(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing("output", path, failure);
        }
        catch (ArgumentException failure)
        {
            throw InputFault.Invalid("output", $"folder '{path}' cannot be made: {failure.Message}", failure);
        }
    }
}
