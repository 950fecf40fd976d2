using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Rewas.Bundles;

namespace Rewas.Jobs.Settings;

/// <summary>Where jobs are kept, their limits and quotas. Configuration section "Jobs".</summary>
public sealed record JobsOptions
{
    /// <summary>Address of the stages: a gateway, or a host of all of them. Default http://127.0.0.1:5100.</summary>
    [Required]
    public string Stages { get; init; } = "http://127.0.0.1:5100";

    /// <summary>Address of the studio, from which uploaded videos are taken over. Empty, the default: that of the stages.</summary>
    public string Studio { get; init; } = "";

    /// <summary>
    /// Where the database lies unless there is PostgreSQL, and the files unless there is S3. Empty, the default: beside the user's own
    /// bundles.
    /// </summary>
    public string Folder { get; init; } = "";

    /// <summary>
    /// Connection string of a PostgreSQL database, which several nodes may share. Empty, the default: SQLite in <see cref="Folder"/>.
    /// </summary>
    public string Postgres { get; init; } = "";

    /// <summary>Videos below it may be named by their path. Empty, the default: none.</summary>
    public string ReadableFolder { get; init; } = "";

    /// <summary>Where files are kept instead of the folder.</summary>
    public S3Options S3 { get; init; } = new();

    /// <summary>Jobs that are worked on at a time by this node. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxRunningJobs { get; init; } = 2;

    /// <summary>Items of a job that are made at a time. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxParallelItems { get; init; } = 2;

    /// <summary>Jobs of a caller that have not ended. Default 20, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxJobsPerCaller { get; init; } = 20;

    /// <summary>Items of one job. Default 10000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxItemsPerJob { get; init; } = 10_000;

    /// <summary>Items of all jobs of a caller that are kept, ended ones included. Default 100000, 1 to 10 million.</summary>
    [Range(1, 10_000_000)]
    public int MaxItemsPerCaller { get; init; } = 100_000;

    /// <summary>Bytes of one video. Default 2 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxVideoBytes { get; init; } = 2L << 30;

    /// <summary>Longest video. Default 15 minutes, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Bytes that are kept of a caller: videos taken over, requests and results together. Default 64 GiB, 1 KiB to 100 TiB.
    /// </summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxBytesPerCaller { get; init; } = 64L << 30;

    /// <summary>Times that an item is begun, before it counts as failed. Default 8, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 8;

    /// <summary>
    /// Wait before the second attempt; each further one waits twice as long, at most 5 minutes. Default 5 s, 10 ms to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A job that ended so long ago is forgotten, and files that no job has are deleted. Default 7 days, 1 s to 1 year.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A submission whose next item does not come for so long is ended; it may be resumed until <see cref="Retention"/> has passed. Default
    /// 1 minute, 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often the database is looked at for what is to be done, was cancelled or has changed. Default 500 ms, 10 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Of a cluster's node: after how long without a sign of life the others take over its jobs. Default 15 s, 1 s to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><see cref="Folder"/>, or what stands for it.</summary>
    internal string FolderPath =>
        Path.GetFullPath(Folder.Length > 0 ? Folder : Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, "jobs"));
}

/// <summary>
/// A bucket of an S3-compatible store. Credentials are found as the AWS SDK finds them: environment, profile or the machine's role.
/// </summary>
public sealed record S3Options
{
    /// <summary>Its name. Empty, the default: files lie in the folder.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>Address of the store; empty, the default: Amazon's of the region.</summary>
    public string ServiceUrl { get; init; } = "";

    /// <summary>Region. Default us-east-1.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Before every key, for instance "rewas/". Empty by default.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The bucket's name stands in the path, as most stores other than Amazon's want it. Default true.</summary>
    public bool PathStyle { get; init; } = true;
}

/// <summary>Faults of <see cref="JobsOptions"/> that are not ranges, reported with those when the service starts.</summary>
sealed class JobsOptionsValidator : IValidateOptions<JobsOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsOptions options)
    {
        List<string> faults =
        [
            .. Address(nameof(options.Stages), options.Stages),
            .. options.Studio.Length > 0 ? Address(nameof(options.Studio), options.Studio) : [],
            .. options.ReadableFolder.Length > 0 && !Directory.Exists(options.ReadableFolder)
                ? [$"Jobs:ReadableFolder: '{options.ReadableFolder}' does not exist"]
                : Array.Empty<string>(),
            .. options.S3.ServiceUrl.Length > 0
                && !(Uri.TryCreate(options.S3.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                ? [
                    $"Jobs:S3:ServiceUrl: must be http://HOST:PORT or https://HOST:PORT, but is '{options.S3.ServiceUrl}'",
                ] : Array.Empty<string>(),
            .. options.S3.ServiceUrl.Length > 0 && options.S3.Bucket.Length == 0
                ? ["Jobs:S3:Bucket: must be given with Jobs:S3:ServiceUrl"]
                : Array.Empty<string>(),
            .. options.S3.Bucket.Length > 0 && options.MaxVideoBytes > Files.S3Files.MostBytes
                ? [
                    $"Jobs:MaxVideoBytes: must be at most {Files.S3Files.MostBytes} with Jobs:S3:Bucket, but is {options.MaxVideoBytes}",
                ] : Array.Empty<string>(),
            .. options.S3.Bucket.Length > 0 && options.S3.Region.Length == 0
                ? ["Jobs:S3:Region: must be given, but is empty"]
                : Array.Empty<string>(),
            .. options.Postgres.Length > 0 && Unreadable(options.Postgres) is { } fault
                ? [$"Jobs:Postgres: {fault}"]
                : Array.Empty<string>(),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static string[] Address(string option, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "unix"
            ? []
            : [$"Jobs:{option}: must be http://HOST:PORT, https://HOST:PORT or unix:/PATH, but is '{address}'"];

    /// <summary>What is wrong with a connection string, without telling it: it may hold a password.</summary>
    static string? Unreadable(string connection)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(connection).Host is null ? "must name a Host" : null;
        }
        catch (ArgumentException)
        {
            return "is not a connection string such as Host=db;Database=rewas;Username=rewas";
        }
    }
}
