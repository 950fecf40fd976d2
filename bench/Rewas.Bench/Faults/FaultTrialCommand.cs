using System.CommandLine;
using System.Globalization;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Video;

namespace Rewas.Bench.Faults;

/// <summary><c>rewas bench faults</c>: a fleet of processes under faults.</summary>
static class FaultTrialCommand
{
    static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "how long processes are disturbed",
        DefaultValueFactory = _ => 240,
    };
    static readonly Option<int> Count = new("--requests")
    {
        Description = "number of requests, spread over that time",
        DefaultValueFactory = _ => 100,
    };
    static readonly Option<int> FaultCount = new("--faults")
    {
        Description = "least number of planned faults; with fewer than 40, those that take long are left out",
        DefaultValueFactory = _ => 45,
    };
    static readonly Option<int> JobCount = new("--jobs")
    {
        Description = "number of jobs, spread over that time",
        DefaultValueFactory = _ => 3,
    };
    static readonly Option<int> ClientCount = new("--clients") { Description = "number of clients", DefaultValueFactory = _ => 8 };
    static readonly Option<int> Seed = new("--seed") { Description = "seed of the faults", DefaultValueFactory = _ => 1 };
    static readonly Option<int> Deadline = new("--deadline")
    {
        Description = "deadline of each request, seconds",
        DefaultValueFactory = _ => 180,
    };
    static readonly Option<string?> Next = new("--next")
    {
        Description = "folder with the programs of the next version, for the rolling update; by default the same programs",
        HelpName = "DIR",
    };
    static readonly Option<string> BundleName = new("--bundle", "-b")
    {
        Description = "model bundle: a name or a folder",
        DefaultValueFactory = _ => "rewas-mini",
    };
    static readonly Option<string> VideoFile = new("--video")
    {
        Description = "video that the requests use",
        DefaultValueFactory = _ => Path.Combine("samples", "hammer.mp4"),
    };
    static readonly Option<string?> Output = new("--output", "-o") { Description = "the page to write", HelpName = "FILE.md" };
    static readonly Option<string?> Logs = new("--logs") { Description = "folder in which to keep the processes' logs", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("faults", "Disturbs a fleet of processes while clients use it, and reports the outcome of every request.")
        {
            Seconds, Count, FaultCount, JobCount, ClientCount, Seed, Deadline, Next, BundleName, VideoFile, Output, Logs,
        };
        command.SetAction(async (arguments, cancel) =>
        {
            try
            {
                return await RunAsync(arguments, cancel);
            }
            catch (InputFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 2;
            }
        });
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        // :: Step 1: start the fleet and prepare the requests.
        using var folder = PrivateFolder.Create("rewas-trial-");
        var logFolder = arguments.GetValue(Logs) ?? folder.Path;
        Directory.CreateDirectory(logFolder);
        var timeout = TimeSpan.FromSeconds(arguments.GetValue(Deadline));
        var file = Path.GetFullPath(arguments.GetRequiredValue(VideoFile));
        await VideoProbe.ReadAsync(file, new VideoLimits(), cancel);
        using var jobFolder = PrivateFolder.Create("rewas-trial-");
        using var disks = PrivateFolder.Create("rewas-trial-");
        var places = new FleetPlaces(
            AppContext.BaseDirectory,
            arguments.GetValue(Next) is { } next ? Path.GetFullPath(next) : AppContext.BaseDirectory,
            logFolder,
            disks.Path);
        using var fleet = new Fleet(Bundle.Find(arguments.GetRequiredValue(BundleName)).Directory, jobFolder.Path, places);
        await fleet.StartAsync(cancel);
        var requests = Enumerable.Range(0, arguments.GetValue(Count)).Select(number => new TrialRequest(number, file, timeout)).ToList();
        var trial = new Trial(fleet.Gateways, arguments.GetValue(ClientCount));
        var jobs = new JobTrial(fleet.Gateways, fleet.Database, jobFolder.Path);
        var duration = TimeSpan.FromSeconds(arguments.GetValue(Seconds));

        // :: Step 2: run undisturbed, at the pace of the trial. A first run loads what is loaded once and fills the caches.
        List<TrialRequest> different = [.. requests.Take(TrialRequest.Distinct)];
        var pace = duration * different.Count / requests.Count;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"undisturbed: {different.Count} over {pace}"));
        await trial.RunAsync(different, TimeSpan.Zero);
        var calm = jobs.RunAsync("undisturbed", file, arguments.GetValue(JobCount), pace);
        var undisturbed = await trial.RunAsync(different, pace);
        var undisturbedJobs = await calm;

        // :: Step 3: run with faults.
        await Console.Error.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{requests.Count} requests over {duration}, with faults"));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (seed, faults) = (arguments.GetValue(Seed), arguments.GetValue(FaultCount));
        var disturbance = new Disturbance(FaultPlan.Create(fleet, faults, seed, few: faults < FaultPlan.Whole), seed);
        var memory = new MemoryWatch(fleet);
        var (disturbing, watching) = (disturbance.RunAsync(duration, ended.Token), memory.RunAsync(ended.Token));
        var submitted = jobs.RunAsync("disturbed", file, arguments.GetValue(JobCount), duration);
        var disturbed = await trial.RunAsync(requests, duration);
        await disturbing;
        var disturbedJobs = await submitted;
        await ended.CancelAsync();
        await watching;

        // :: Step 4: report.
        var report = new TrialReport(
            undisturbed, disturbed, undisturbedJobs, disturbedJobs, disturbance.Events, memory, places.Next != places.Programs);
        var shown = string.Join(
            ' ',
            Environment.GetCommandLineArgs()
                .Skip(2)
                .SkipWhile(argument => argument == "--video" || argument == arguments.GetValue(VideoFile)));
        var lines = report.Lines($"deploy/local.sh {shown}".Trim(), duration, arguments.GetValue(ClientCount), seed)
            .ToList();
        lines.ForEach(Console.WriteLine);
        if (arguments.GetValue(Output) is { } path)
            await File.WriteAllLinesAsync(path, lines, CancellationToken.None);
        foreach (var fault in report.Faults)
            await Console.Error.WriteLineAsync($"FAULT {fault}");
        return report.Faults.Count == 0 ? 0 : 1;
    }
}
