using System.CommandLine;
using System.Globalization;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.FaultTrial;
using Rewas.Video;

var seconds = new Option<int>("--seconds") { Description = "how long processes are disturbed", DefaultValueFactory = _ => 330 };
var count = new Option<int>("--requests") { Description = "number of requests, spread over that time", DefaultValueFactory = _ => 100 };
var clientCount = new Option<int>("--clients") { Description = "number of clients", DefaultValueFactory = _ => 8 };
var seed = new Option<int>("--seed") { Description = "seed of the faults", DefaultValueFactory = _ => 1 };
var deadline = new Option<int>("--deadline") { Description = "deadline of each request, seconds", DefaultValueFactory = _ => 90 };
var bundle = new Option<string>("--bundle", "-b")
{
    Description = "model bundle: a name or a folder",
    DefaultValueFactory = _ => "rewas-mini",
};
var video = new Option<string>("--video")
{
    Description = "video that the requests use",
    DefaultValueFactory = _ => Path.Combine("samples", "hammer.mp4"),
};
var output = new Option<string?>("--output", "-o") { Description = "the page to write", HelpName = "FILE.md" };
var logs = new Option<string?>("--logs") { Description = "folder in which to keep the processes' logs", HelpName = "DIR" };

var command = new RootCommand("Disturbs a fleet of processes while clients use it, and reports the outcome of every request.")
{
    seconds, count, clientCount, seed, deadline, bundle, video, output, logs,
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
return await command.Parse(args).InvokeAsync();

async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
{
    // :: Step 1: start the fleet and prepare the requests.
    using var folder = PrivateFolder.Create("rewas-trial-");
    var logFolder = arguments.GetValue(logs) ?? folder.Path;
    Directory.CreateDirectory(logFolder);
    var timeout = TimeSpan.FromSeconds(arguments.GetValue(deadline));
    var file = Path.GetFullPath(arguments.GetRequiredValue(video));
    await VideoProbe.ReadAsync(file, new VideoLimits(), cancel);
    using var jobFolder = PrivateFolder.Create("rewas-trial-");
    using var fleet = new Fleet(Bundle.Find(arguments.GetRequiredValue(bundle)).Directory, jobFolder.Path, logFolder);
    await fleet.StartAsync(cancel);
    var requests = Enumerable.Range(0, arguments.GetValue(count)).Select(number => new TrialRequest(number, file, timeout)).ToList();
    var trial = new Trial(fleet.Gateway.Address, arguments.GetValue(clientCount));
    var jobs = new JobTrial(fleet.Gateway.Address, fleet.Database, jobFolder.Path);

    // :: Step 2: run undisturbed.
    await Console.Error.WriteLineAsync("undisturbed");
    var undisturbed = await trial.RunAsync([.. requests.Take(TrialRequest.Distinct)], TimeSpan.Zero);
    var undisturbedJobs = await jobs.RunAsync("undisturbed", file, TimeSpan.Zero);

    // :: Step 3: run with faults.
    var duration = TimeSpan.FromSeconds(arguments.GetValue(seconds));
    await Console.Error.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture, $"{requests.Count} requests over {duration}, with faults"));
    using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    var (disturbance, memory) = (new Disturbance(fleet, arguments.GetValue(seed)), new MemoryWatch(fleet));
    var (disturbing, watching) = (disturbance.RunAsync(ended.Token), memory.RunAsync(ended.Token));
    var submitted = jobs.RunAsync("disturbed", file, duration);
    var disturbed = await trial.RunAsync(requests, duration);
    await ended.CancelAsync();
    await Task.WhenAll(disturbing, watching);
    var disturbedJobs = await submitted;

    // :: Step 4: report.
    var report = new TrialReport(undisturbed, disturbed, undisturbedJobs, disturbedJobs, disturbance.Events, memory);
    var shown = string.Join(' ', args.SkipWhile(argument => argument == "--video" || argument == arguments.GetValue(video)));
    var lines = report.Lines($"deploy/local.sh {shown}".Trim(), duration, arguments.GetValue(clientCount), arguments.GetValue(seed))
        .ToList();
    lines.ForEach(Console.WriteLine);
    if (arguments.GetValue(output) is { } path)
        await File.WriteAllLinesAsync(path, lines, CancellationToken.None);
    foreach (var fault in report.Faults)
        await Console.Error.WriteLineAsync($"FAULT {fault}");
    return report.Faults.Count == 0 ? 0 : 1;
}
