using System.Globalization;
using System.Runtime.InteropServices;

namespace Rewas.Bench.Faults;

/// <summary>Writes the results of a trial as a Markdown page.</summary>
sealed class TrialReport(
    IReadOnlyList<TrialOutcome> undisturbed,
    IReadOnlyList<TrialOutcome> disturbed,
    IReadOnlyList<JobOutcome> undisturbedJobs,
    IReadOnlyList<JobOutcome> disturbedJobs,
    IReadOnlyList<FaultEvent> faults,
    MemoryWatch memory,
    bool updates)
{
    /// <summary>Requests may take this many times as long as undisturbed, all together.</summary>
    const double MostTimes = 3;

    /// <summary>On a busy machine a caller learns this much later that its deadline has passed.</summary>
    static readonly TimeSpan DeadlineSlack = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Requests with exactly the result of the undisturbed run. Everything else is a failure, also a result that tells of one.
    /// </summary>
    IEnumerable<TrialOutcome> Good => disturbed.Where(IsGood);

    IEnumerable<TrialOutcome> Bad => disturbed.Where(outcome => !IsGood(outcome));

    IEnumerable<TrialOutcome> Late => disturbed.Where(outcome => outcome.Took > outcome.Request.Timeout + DeadlineSlack);

    IEnumerable<JobOutcome> Unfinished => undisturbedJobs.Concat(disturbedJobs)
        .Where(job => job.State != V1.JobState.Succeeded || job.Sounds.Count != JobTrial.ItemsPerJob);

    /// <summary>Items that were not completed exactly once.</summary>
    IEnumerable<(JobOutcome Job, int Item)> MadeOtherThanOnce =>
        from job in disturbedJobs
        from item in Enumerable.Range(0, JobTrial.ItemsPerJob)
        where job.Made.GetValueOrDefault(item) != 1
        select (job, item);

    IEnumerable<(JobOutcome Job, int Item)> OtherSounds => undisturbedJobs.Zip(disturbedJobs)
        .SelectMany(pair => pair.Second.Sounds
            .Where(sound => pair.First.Sounds.GetValueOrDefault(sound.Key) != sound.Value)
            .Select(sound => (pair.Second, sound.Key)));

    /// <summary>The time of all requests together, as a multiple of the time of the same requests undisturbed.</summary>
    double Times => disturbed.Sum(outcome => outcome.Took.TotalSeconds)
        / disturbed.Sum(outcome => undisturbed[outcome.Request.Variant].Took.TotalSeconds);

    /// <summary>All faults of the platform that the trial found. The trial passes if there are none.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. undisturbed.Where(outcome => outcome.Result is null)
            .Select(outcome => $"request {outcome.Request.Number} failed without any fault: {outcome.Failure}"),
        .. Bad.Select(outcome => $"request {outcome.Request.Number} ({outcome.Request.Kind}): {WhyBad(outcome)}"),
        .. Late.Select(outcome => string.Create(
            CultureInfo.InvariantCulture,
            $"request {outcome.Request.Number} ended after {outcome.Took.TotalSeconds:F1} s, past its deadline")),
        .. Times > MostTimes
            ? [string.Create(
                CultureInfo.InvariantCulture, $"the requests took {Times:F1} times as long as undisturbed; the limit is {MostTimes}")]
            : Array.Empty<string>(),
        .. Unfinished.Select(job => $"job {job.JobId} ended as {job.State} with {job.Sounds.Count} of {JobTrial.ItemsPerJob} items"),
        .. MadeOtherThanOnce.Select(made =>
            $"item {made.Item} of job {made.Job.JobId} was made {made.Job.Made.GetValueOrDefault(made.Item)} times"),
        .. OtherSounds.Select(other => $"item {other.Item} of job {other.Job.JobId} differs in sound from the undisturbed run"),
        .. faults.Where(fault => fault.Remark.Length > 0).Select(fault => $"{fault.Process} {fault.Remark}"),
    ];

    public IEnumerable<string> Lines(string command, TimeSpan duration, int clients, int seed)
    {
        yield return "# Reliability";
        yield return "";
        yield return "This page shows what happens to requests, jobs and conversations while processes are killed, frozen, cut off,";
        yield return "restarted, updated and lost, while disks are full and clocks jump, and while the database is restarted and frozen.";
        yield return "Two gateways, two of each stage, two job nodes and two agents over one PostgreSQL run as separate processes, each in";
        yield return "a network namespace with its own address, disk and clock, all with their default settings. Up to five of them are";
        yield return "disturbed at a time, but never two of one kind. The different requests were first run undisturbed, twice: as fast as";
        yield return "clients can, and then at the pace of the trial, with every job. Undisturbed times are those of the second run. A";
        yield return "request has succeeded if its result is that of the undisturbed run, bit for bit; words that tell of a failure are";
        yield return "a failure. The page was written by";
        yield return "";
        yield return $"    {command}";
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"on {DateTime.UtcNow:yyyy-MM-dd}: {disturbed.Count} requests, {undisturbed.Count} of them different, "
            + $"from {clients} clients over {duration.TotalMinutes:F1} minutes, {faults.Count} faults, seed {seed}, "
            + $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}.");
        if (!FaultyClock.IsInstalled)
            yield return "No clock jumped, because libfaketime is not installed.";
        if (!updates)
            yield return "The rolling update started the same programs again; `--next` names those of another version.";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("requests with the result of the undisturbed run, bit for bit", $"{Good.Count()} of {disturbed.Count}");
        yield return Row("requests that ended with another result", $"{Bad.Count(outcome => outcome.Result is not null)}");
        yield return Row("requests that ended with one gRPC status", $"{Bad.Count(outcome => outcome is { Result: null, IsClear: true })}");
        yield return Row("requests that ended in any other way", $"{Bad.Count(outcome => !outcome.IsClear)}");
        yield return Row("requests that ended after their deadline", $"{Late.Count()}");
        yield return Row("requests that the client repeated", $"{disturbed.Count(outcome => outcome.Repeats > 0)}");
        yield return Row(
            "time of all requests, as a multiple of their undisturbed time", string.Create(CultureInfo.InvariantCulture, $"{Times:F2}"));
        yield return Row("median and longest time, undisturbed", MedianAndLongest(undisturbed));
        yield return Row("median and longest time, in the trial", MedianAndLongest(disturbed));
        yield return "";
        yield return "## Jobs";
        yield return "";
        yield return $"{disturbedJobs.Count} jobs of {JobTrial.ItemsPerJob} clips each were submitted one after another during the trial.";
        yield return "The client that submits and watches calls again when it gets no answer.";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("jobs that ended with all their items", $"{disturbedJobs.Except(Unfinished).Count()} of {disturbedJobs.Count}");
        yield return Row("items that were not completed exactly once", $"{MadeOtherThanOnce.Count()}");
        yield return Row("items whose samples differ, in any bit, from the undisturbed run", $"{OtherSounds.Count()}");
        yield return Row("attempts that were lost with their process and repeated", $"{disturbedJobs.Sum(job => job.Lost)}");
        var (calm, hit) = (undisturbedJobs.Max(job => job.Took), disturbedJobs.Max(job => job.Took));
        yield return Row(
            "longest job, undisturbed and in the trial",
            string.Create(CultureInfo.InvariantCulture, $"{calm.TotalSeconds:F0} s, {hit.TotalSeconds:F0} s"));
        yield return "";
        yield return "## Outcomes by request";
        yield return "";
        yield return "A Clip makes the sound of a video, through all stages. A Render makes the sound of a known curve,";
        yield return "through the last two stages. An Energy request uses the first two. A Conversation asks the agent.";
        yield return "";
        yield return "| request | the same result | anything else |";
        yield return "|---|---|---|";
        foreach (var kind in disturbed.GroupBy(outcome => outcome.Request.Kind).OrderBy(group => group.Key))
            yield return $"| {kind.Key} | {kind.Count(IsGood)} | {kind.Count(outcome => !IsGood(outcome))} |";
        yield return "";
        if (Bad.Any())
        {
            yield return "What callers got in place of a result:";
            yield return "";
            yield return "| | times |";
            yield return "|---|---|";
            foreach (var reason in Bad.GroupBy(outcome => Masked(WhyBad(outcome))).OrderByDescending(group => group.Count()))
                yield return $"| {reason.Key} | {reason.Count()} |";
            yield return "";
        }
        yield return "## Faults";
        yield return "";
        yield return "`lasted` is the time until the process said SERVING again. `running` counts the requests in progress during it;";
        yield return "`repeated` counts those of them that the client repeated, and `failed` those without the right result.";
        yield return "";
        yield return "| s | process | fault | lasted, s | running | repeated | failed |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var fault in faults)
        {
            var running = disturbed.Where(outcome => outcome.At < fault.At + fault.Lasted && outcome.At + outcome.Took > fault.At).ToList();
            var what = fault.Remark.Length > 0 ? $"{Text(fault.Kind)}; {fault.Remark}" : Text(fault.Kind);
            var lasted = fault.Kind == FaultKind.Gone ? "" : string.Create(CultureInfo.InvariantCulture, $"{fault.Lasted.TotalSeconds:F1}");
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {fault.At.TotalSeconds:F1} | {fault.Process} | {what} | {lasted} | {running.Count} | "
                + $"{running.Count(outcome => outcome.Repeats > 0)} | {running.Count(outcome => !IsGood(outcome))} |");
        }
        yield return "";
        yield return "## Memory";
        yield return "";
        yield return "Peak resident memory of each process in each third of the trial, MiB:";
        yield return "";
        yield return "| process | first third | second | last |";
        yield return "|---|---|---|---|";
        foreach (var (process, peaks) in memory.Peaks())
            yield return $"| {process} | {peaks[0]} | {peaks[1]} | {peaks[2]} |";
    }

    bool IsGood(TrialOutcome outcome) =>
        outcome.Result is { } result && undisturbed[outcome.Request.Variant].Result is { } right && result.AsSpan().SequenceEqual(right);

    /// <summary>One line: the status, or how the result differs.</summary>
    static string WhyBad(TrialOutcome outcome) => outcome switch
    {
        { Result: null } => outcome.Failure,
        { Request.Kind: RequestKind.Conversation, Result: { } words } =>
            $"other words: {System.Text.Encoding.UTF8.GetString(words).ReplaceLineEndings(" ")}",
        { Result: { } bytes } => $"another result, of {bytes.Length} bytes",
    };

    static string MedianAndLongest(IReadOnlyList<TrialOutcome> outcomes)
    {
        var times = outcomes.Select(outcome => outcome.Took.TotalSeconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:F1} s, {times[^1]:F1} s");
    }

    static string Text(FaultKind kind) => kind switch
    {
        FaultKind.Killed => "killed (-9)",
        FaultKind.Frozen => "frozen (SIGSTOP)",
        FaultKind.CutOff => "cut off (link down)",
        FaultKind.DiskFull => "disk full",
        FaultKind.ClockJumped => "clock an hour ahead",
        FaultKind.Updated => "rolling update (SIGTERM)",
        FaultKind.Gone => "gone for good (-9)",
        _ => "restarted (SIGTERM)",
    };

    /// <summary>Hides addresses, which differ from run to run.</summary>
    static string Masked(string failure) =>
        System.Text.RegularExpressions.Regex.Replace(failure, @"\d+\.\d+\.\d+\.\d+(:\d+)?", "ADDRESS").Replace('|', '/');

    static string Row(string what, string value) => $"| {what} | {value} |";
}
