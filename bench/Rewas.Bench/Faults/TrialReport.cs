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
    MemoryWatch memory)
{
    /// <summary>On a busy machine a caller learns this much later that its deadline has passed.</summary>
    static readonly TimeSpan DeadlineSlack = TimeSpan.FromSeconds(3);

    IEnumerable<(TrialOutcome Undisturbed, TrialOutcome Disturbed)> Pairs =>
        disturbed.Select(outcome => (undisturbed[outcome.Request.Variant], outcome));

    IEnumerable<TrialOutcome> Done => disturbed.Where(outcome => outcome.Result is not null);

    IEnumerable<TrialOutcome> Failed => disturbed.Where(outcome => outcome.Result is null);

    /// <summary>
    /// Requests whose result differs from the undisturbed run. Only the agent's words may differ, if they report a failed stage.
    /// </summary>
    IEnumerable<TrialOutcome> Wrong => Pairs
        .Where(pair => pair.Disturbed.Result is { } result
            && !result.AsSpan().SequenceEqual(pair.Undisturbed.Result)
            && !TellsOfFailure(pair.Disturbed))
        .Select(pair => pair.Disturbed);

    IEnumerable<TrialOutcome> Late => disturbed.Where(outcome => outcome.Took > outcome.Request.Timeout + DeadlineSlack);

    IEnumerable<TrialOutcome> Unclear => Failed.Where(outcome => !outcome.IsClear);

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

    /// <summary>All faults of the platform that the trial found. The trial passes if there are none.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. undisturbed.Where(outcome => outcome.Result is null)
            .Select(outcome => $"request {outcome.Request.Number} failed without any fault: {outcome.Failure}"),
        .. Wrong.Select(outcome =>
            $"the result of request {outcome.Request.Number} ({outcome.Request.Kind}) differs from the undisturbed run{Words(outcome)}"),
        .. Late.Select(outcome => string.Create(
            CultureInfo.InvariantCulture,
            $"request {outcome.Request.Number} ended after {outcome.Took.TotalSeconds:F1} s, past its deadline")),
        .. Unclear.Select(outcome => $"request {outcome.Request.Number} ended without a status: {outcome.Failure}"),
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
        yield return "This page shows what happens to requests and jobs while processes are killed, frozen, cut off and restarted. The";
        yield return "gateway, the agent, all stages (AudioDiffusion twice) and two job nodes over one PostgreSQL run as separate";
        yield return "processes, each in a network namespace with its own address. One process at a time is disturbed, at random; the";
        yield return "database is not. Every kind of request and every job was first run undisturbed. The page was written by";
        yield return "";
        yield return $"    {command}";
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"on {DateTime.UtcNow:yyyy-MM-dd}: {disturbed.Count} requests, {TrialRequest.Distinct} of them different, "
            + $"from {clients} clients over {duration.TotalMinutes:F1} minutes, {faults.Count} faults, seed {seed}, "
            + $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}.");
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("requests that ended with a result", $"{Done.Count()} of {disturbed.Count}");
        yield return Row("results that differ, in any bit, from the undisturbed run", $"{Wrong.Count()}");
        yield return Row("conversations in which the agent reported a failed stage", $"{disturbed.Count(TellsOfFailure)}");
        yield return Row("requests that ended with one gRPC status", $"{Failed.Count() - Unclear.Count()}");
        yield return Row("requests that ended in any other way", $"{Unclear.Count()}");
        yield return Row("requests that ended after their deadline", $"{Late.Count()}");
        yield return Row("median and longest time, undisturbed", Times(undisturbed));
        yield return Row("median and longest time, in the trial", Times(disturbed));
        yield return "";
        yield return "## Jobs";
        yield return "";
        yield return $"{JobTrial.Jobs} jobs of {JobTrial.ItemsPerJob} clips each were submitted one after another during the trial.";
        yield return "The client that submits and watches retries when it gets no answer.";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("jobs that ended with all their items", $"{disturbedJobs.Except(Unfinished).Count()} of {disturbedJobs.Count}");
        yield return Row("items that were not completed exactly once", $"{MadeOtherThanOnce.Count()}");
        yield return Row("items whose samples differ, in any bit, from the undisturbed run", $"{OtherSounds.Count()}");
        yield return Row("attempts that were lost with their process and repeated", $"{disturbedJobs.Sum(job => job.Lost)}");
        var (calm, hit) = (undisturbedJobs.Max(job => job.Took), disturbedJobs.Max(job => job.Took));
        yield return Row(
            "longest job, undisturbed (all at once) and in the trial",
            string.Create(CultureInfo.InvariantCulture, $"{calm.TotalSeconds:F0} s, {hit.TotalSeconds:F0} s"));
        yield return "";
        yield return "## Outcomes by request";
        yield return "";
        yield return "A Clip makes the sound of a video, through all stages. A Render makes the sound of a known curve,";
        yield return "through the last two stages. An Energy request uses the first two. A Conversation asks the agent.";
        yield return "";
        yield return "| request | result | status |";
        yield return "|---|---|---|";
        foreach (var kind in disturbed.GroupBy(outcome => outcome.Request.Kind).OrderBy(group => group.Key))
        {
            var done = kind.Count(outcome => outcome.Result is not null);
            yield return $"| {kind.Key} | {done} | {kind.Count() - done} |";
        }
        yield return "";
        yield return "Statuses that callers got:";
        yield return "";
        yield return "| status | times |";
        yield return "|---|---|";
        foreach (var status in Failed.GroupBy(outcome => Masked(outcome.Failure)).OrderByDescending(group => group.Count()))
            yield return $"| {status.Key} | {status.Count()} |";
        yield return "";
        yield return "## Faults";
        yield return "";
        yield return "`lasted` is the time until the process said SERVING again. `running` counts the requests in progress during it;";
        yield return "`hit` counts those of them that ended with a status.";
        yield return "";
        yield return "| s | process | fault | lasted, s | running | hit |";
        yield return "|---|---|---|---|---|---|";
        foreach (var fault in faults)
        {
            var running = disturbed.Where(outcome => outcome.At < fault.At + fault.Lasted && outcome.At + outcome.Took > fault.At).ToList();
            var what = fault.Remark.Length > 0 ? $"{Text(fault.Kind)}; {fault.Remark}" : Text(fault.Kind);
            var ended = running.Count(outcome => outcome.Result is null);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {fault.At.TotalSeconds:F1} | {fault.Process} | {what} | {fault.Lasted.TotalSeconds:F1} | {running.Count} | {ended} |");
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

    static string Times(IReadOnlyList<TrialOutcome> outcomes)
    {
        var times = outcomes.Select(outcome => outcome.Took.TotalSeconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:F1} s, {times[^1]:F1} s");
    }

    static bool TellsOfFailure(TrialOutcome outcome) =>
        outcome is { Request.Kind: RequestKind.Conversation, Result: { } words }
        && System.Text.Encoding.UTF8.GetString(words) is var text
        && TrialRequest.FailureWords.Any(word => text.Contains(word, StringComparison.Ordinal));

    /// <summary>The agent's words, or nothing for other requests.</summary>
    static string Words(TrialOutcome outcome) => outcome is { Request.Kind: RequestKind.Conversation, Result: { } words }
        ? $": {System.Text.Encoding.UTF8.GetString(words).ReplaceLineEndings(" ")}"
        : "";

    static string Text(FaultKind kind) => kind switch
    {
        FaultKind.Killed => "killed (-9)",
        FaultKind.Frozen => "frozen (SIGSTOP)",
        FaultKind.CutOff => "cut off (link down)",
        _ => "restarted (SIGTERM)",
    };

    /// <summary>Hides addresses, which differ from run to run.</summary>
    static string Masked(string failure) =>
        System.Text.RegularExpressions.Regex.Replace(failure, @"\d+\.\d+\.\d+\.\d+(:\d+)?", "ADDRESS").Replace('|', '/');

    static string Row(string what, string value) => $"| {what} | {value} |";
}
