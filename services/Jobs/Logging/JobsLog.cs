namespace Rewas.Jobs.Logging;

static partial class JobsLog
{
    [LoggerMessage(1, LogLevel.Information, "Job {Job}: run {Run} begins on {Node}")]
    public static partial void RunBegins(this ILogger log, string job, long run, string node);

    [LoggerMessage(2, LogLevel.Information, "Job {Job} has ended: {State}")]
    public static partial void JobEnded(this ILogger log, string job, V1.JobState state);

    [LoggerMessage(3, LogLevel.Information, "Job {Job}, item {Item}: attempt {Attempt} failed: {Reason}")]
    public static partial void AttemptFailed(this ILogger log, string job, long item, long attempt, string reason);

    [LoggerMessage(4, LogLevel.Error, "Job {Job}, item {Item}: attempt {Attempt} broke; correlation {Correlation}")]
    public static partial void AttemptBroke(this ILogger log, Exception bug, string job, long item, long attempt, string correlation);

    [LoggerMessage(5, LogLevel.Information, "Jobs are run by this process, {Node}")]
    public static partial void Leads(this ILogger log, string node);

    [LoggerMessage(6, LogLevel.Information, "Another process runs the jobs in {Folder}; this one takes over when that ends")]
    public static partial void StandsBy(this ILogger log, string folder);

    [LoggerMessage(7, LogLevel.Warning, "Looking for work failed; it is tried again")]
    public static partial void LookFailed(this ILogger log, Exception reason);

    [LoggerMessage(9, LogLevel.Warning, "Job {Job}, item {Item}: {LeftOut}")]
    public static partial void LeavesOut(this ILogger log, string job, long item, string leftOut);

    [LoggerMessage(8, LogLevel.Information, "{Jobs} jobs and {Files} files have expired")]
    public static partial void Expired(this ILogger log, int jobs, int files);
}
