using System.Globalization;
using System.Runtime.InteropServices;

namespace Rewas.FaultTrial;

/// <summary>What a trial showed, as a page.</summary>
sealed class TrialReport(
    IReadOnlyList<TrialOutcome> undisturbed,
    IReadOnlyList<TrialOutcome> disturbed,
    IReadOnlyList<JobOutcome> undisturbedJobs,
    IReadOnlyList<JobOutcome> disturbedJobs,
    IReadOnlyList<FaultEvent> faults,
    MemoryWatch memory)
{
    /// <summary>Between a deadline and the caller's knowing of it, on a busy machine.</summary>
    static readonly TimeSpan DeadlineSlack = TimeSpan.FromSeconds(3);

    IEnumerable<(TrialOutcome Undisturbed, TrialOutcome Disturbed)> Pairs => disturbed.Select(outcome => (undisturbed[outcome.Request.Variant], outcome));

    IEnumerable<TrialOutcome> Done => disturbed.Where(outcome => outcome.Result is not null);

    IEnumerable<TrialOutcome> Failed => disturbed.Where(outcome => outcome.Result is null);

    /// <summary>Requests with another result than without faults. The agent's words may tell of a stage that failed; all else must be the same to the bit.</summary>
    IEnumerable<TrialOutcome> Wrong => Pairs
        .Where(pair => pair.Disturbed.Result is { } result && !result.AsSpan().SequenceEqual(pair.Undisturbed.Result) && !TellsOfFailure(pair.Disturbed))
        .Select(pair => pair.Disturbed);

    IEnumerable<TrialOutcome> Late => disturbed.Where(outcome => outcome.Took > outcome.Request.Timeout + DeadlineSlack);

    IEnumerable<TrialOutcome> Unclear => Failed.Where(outcome => !outcome.IsClear);

    IEnumerable<JobOutcome> Unfinished => undisturbedJobs.Concat(disturbedJobs).Where(job => job.State != V1.JobState.Succeeded || job.Sounds.Count != JobTrial.ItemsPerJob);

    /// <summary>Items that were not made to their end exactly once.</summary>
    IEnumerable<(JobOutcome Job, int Item)> MadeOtherThanOnce => from job in disturbedJobs from item in Enumerable.Range(0, JobTrial.ItemsPerJob) where job.Made.GetValueOrDefault(item) != 1 select (job, item);

    IEnumerable<(JobOutcome Job, int Item)> OtherSounds => undisturbedJobs.Zip(disturbedJobs)
        .SelectMany(pair => pair.Second.Sounds.Where(sound => pair.First.Sounds.GetValueOrDefault(sound.Key) != sound.Value).Select(sound => (pair.Second, sound.Key)));

    /// <summary>Everything that must not be.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. undisturbed.Where(outcome => outcome.Result is null).Select(outcome => $"request {outcome.Request.Number} failed without any fault: {outcome.Failure}"),
        .. Wrong.Select(outcome => $"request {outcome.Request.Number} ({outcome.Request.Kind}) has another result than without faults{Words(outcome)}"),
        .. Late.Select(outcome => string.Create(CultureInfo.InvariantCulture, $"request {outcome.Request.Number} ended after {outcome.Took.TotalSeconds:F1} s, past its deadline")),
        .. Unclear.Select(outcome => $"request {outcome.Request.Number} ended without a status: {outcome.Failure}"),
        .. Unfinished.Select(job => $"job {job.JobId} ended as {job.State} with {job.Sounds.Count} of {JobTrial.ItemsPerJob} items"),
        .. MadeOtherThanOnce.Select(made => $"item {made.Item} of job {made.Job.JobId} was made {made.Job.Made.GetValueOrDefault(made.Item)} times"),
        .. OtherSounds.Select(other => $"item {other.Item} of job {other.Job.JobId} has another sound than without faults"),
        .. faults.Where(fault => fault.Remark.Length > 0).Select(fault => $"{fault.Process} {fault.Remark}"),
    ];

    public IEnumerable<string> Lines(string command, TimeSpan duration, int clients, int seed)
    {
        yield return "# Reliability";
        yield return "";
        yield return "What happens to requests and jobs while processes are killed, frozen, cut off and restarted. The gateway, the agent, all stages, AudioDiffusion twice, and two nodes for jobs over one";
        yield return "PostgreSQL run as processes of their own in network namespaces with addresses of their own; one process at a time is disturbed, at random (the database is not). Every kind of request";
        yield return "and every job was run before that with nothing disturbed. Written by";
        yield return "";
        yield return $"    {command}";
        yield return "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"on {DateTime.UtcNow:yyyy-MM-dd}: {disturbed.Count} requests, {TrialRequest.Distinct} of them different, from {clients} clients over {duration.TotalMinutes:F1} minutes, {faults.Count} faults, seed {seed}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}.");
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("requests that ended with a result", $"{Done.Count()} of {disturbed.Count}");
        yield return Row("results that are not, to the bit, those of the undisturbed run", $"{Wrong.Count()}");
        yield return Row("conversations in which the agent told of a stage that failed", $"{disturbed.Count(TellsOfFailure)}");
        yield return Row("requests that ended with one gRPC status", $"{Failed.Count() - Unclear.Count()}");
        yield return Row("requests that ended otherwise", $"{Unclear.Count()}");
        yield return Row("requests that ended after their deadline", $"{Late.Count()}");
        yield return Row("median and longest time, undisturbed", Times(undisturbed));
        yield return Row("median and longest time, in the trial", Times(disturbed));
        yield return "";
        yield return "## Jobs";
        yield return "";
        yield return $"{JobTrial.Jobs} jobs of {JobTrial.ItemsPerJob} clips each, submitted one after another over the trial's time; whoever submits and watches asks again when it gets no answer.";
        yield return "";
        yield return "| | |";
        yield return "|---|---|";
        yield return Row("jobs that ended with all their items", $"{disturbedJobs.Except(Unfinished).Count()} of {disturbedJobs.Count}");
        yield return Row("items that were not made to their end exactly once", $"{MadeOtherThanOnce.Count()}");
        yield return Row("items whose samples are not, to the bit, those of the undisturbed run", $"{OtherSounds.Count()}");
        yield return Row("attempts that were lost with their process and made again", $"{disturbedJobs.Sum(job => job.Lost)}");
        yield return Row("longest job, undisturbed (all at once) and in the trial", string.Create(CultureInfo.InvariantCulture, $"{undisturbedJobs.Max(job => job.Took).TotalSeconds:F0} s, {disturbedJobs.Max(job => job.Took).TotalSeconds:F0} s"));
        yield return "";
        yield return "## Outcomes by request";
        yield return "";
        yield return "A Clip is a video to its sound, through all stages; a Render the sound of a known curve, through the last two; an Energy goes through the first two; a Conversation asks the agent.";
        yield return "";
        yield return "| request | result | status |";
        yield return "|---|---|---|";
        foreach (var kind in disturbed.GroupBy(outcome => outcome.Request.Kind).OrderBy(group => group.Key))
            yield return $"| {kind.Key} | {kind.Count(outcome => outcome.Result is not null)} | {kind.Count(outcome => outcome.Result is null)} |";
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
        yield return "`lasted`: until the process said SERVING again. `hit`: requests that were running then and ended with a status.";
        yield return "";
        yield return "| s | process | fault | lasted, s | running | hit |";
        yield return "|---|---|---|---|---|---|";
        foreach (var fault in faults)
        {
            var running = disturbed.Where(outcome => outcome.At < fault.At + fault.Lasted && outcome.At + outcome.Took > fault.At).ToList();
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| {fault.At.TotalSeconds:F1} | {fault.Process} | {Text(fault.Kind)}{(fault.Remark.Length > 0 ? $"; {fault.Remark}" : "")} | {fault.Lasted.TotalSeconds:F1} | {running.Count} | {running.Count(outcome => outcome.Result is null)} |");
        }
        yield return "";
        yield return "## Memory";
        yield return "";
        yield return "The most resident memory of each process in each third of the trial, MiB:";
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
        outcome is { Request.Kind: RequestKind.Conversation, Result: { } words } && System.Text.Encoding.UTF8.GetString(words) is var text && TrialRequest.FailureWords.Any(word => text.Contains(word, StringComparison.Ordinal));

    /// <summary>What the agent said.</summary>
    static string Words(TrialOutcome outcome) => outcome is { Request.Kind: RequestKind.Conversation, Result: { } words } ? $": {System.Text.Encoding.UTF8.GetString(words).ReplaceLineEndings(" ")}" : "";

    static string Text(FaultKind kind) => kind switch
    {
        FaultKind.Killed => "killed (-9)",
        FaultKind.Frozen => "frozen (SIGSTOP)",
        FaultKind.CutOff => "cut off (link down)",
        _ => "restarted (SIGTERM)",
    };

    /// <summary>Addresses differ from run to run, and say nothing here.</summary>
    static string Masked(string failure) => System.Text.RegularExpressions.Regex.Replace(failure, @"\d+\.\d+\.\d+\.\d+(:\d+)?", "ADDRESS").Replace('|', '/');

    static string Row(string what, string value) => $"| {what} | {value} |";
}
