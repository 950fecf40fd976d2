using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Store;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Jobs.Settings;

/// <summary>Storage, limits and quotas of jobs. Configuration section "Jobs".</summary>
public sealed record JobsOptions
{
    /// <summary>Address of the stages: a gateway, several separated by ";", or an all-in-one host. Default http://127.0.0.1:5100.</summary>
    [Required]
    public string Stages { get; init; } = "http://127.0.0.1:5100";

    /// <summary>Address of the studio that holds uploaded videos. Default: empty, the address of the stages.</summary>
    public string Studio { get; init; } = "";

    /// <summary>The older name of Store:Folder. It counts as long as section "Store" has none of the three names.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The older name of Store:Postgres.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>Folder whose videos callers may name by path. Default: empty, none.</summary>
    public string ReadableFolder { get; init; } = "";

    /// <summary>The older name of Store:S3.</summary>
    public S3Options S3 { get; init; } = new();

    /// <summary>Jobs that this node works on at a time. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxRunningJobs { get; init; } = 2;

    /// <summary>Items of one job that are made at a time. Default 2, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxParallelItems { get; init; } = 2;

    /// <summary>
    /// Time for which a running job keeps its place while jobs of other callers wait. It finishes the item that it is making. Default
    /// 1 minute, 10 ms to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan TurnTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most unfinished jobs of one caller. Default 20, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxJobsPerCaller { get; init; } = 20;

    /// <summary>Most items in one job. Default 10000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxItemsPerJob { get; init; } = 10_000;

    /// <summary>Most items in all stored jobs of one caller, finished ones included. Default 100000, 1 to 10 million.</summary>
    [Range(1, 10_000_000)]
    public int MaxItemsPerCaller { get; init; } = 100_000;

    /// <summary>Largest video in bytes. Default 2 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxVideoBytes { get; init; } = 2L << 30;

    /// <summary>Longest video. Default 15 minutes, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most bytes stored for one caller: copied videos, requests and results together. Default 64 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxBytesPerCaller { get; init; } = 64L << 30;

    /// <summary>Attempts of an item before it counts as failed. Default 8, 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 8;

    /// <summary>
    /// Wait before the second attempt. Each further wait is twice as long, at most 5 minutes. Default 5 s, 10 ms to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time after its end when a job is deleted, with files that no job uses. Default 7 days, 1 s to 1 year.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A submission ends if its next item does not arrive within this time. It may be resumed until <see cref="Retention"/> has passed.
    /// Default 1 minute, 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the database is checked for new work, cancellations and changes. Default 500 ms, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time without a sign of life after which other nodes take over a node's jobs. Default 15 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Checks the options that are not plain ranges. All faults are reported together when the service starts.</summary>
sealed class JobsOptionsValidator(IConfiguration configuration) : IValidateOptions<JobsOptions>
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
            .. configuration.ReadStore().S3.Bucket.Length > 0 && options.MaxVideoBytes > S3Files.MostBytes
                ? [
                    $"Jobs:MaxVideoBytes: must be at most {S3Files.MostBytes} with an S3 bucket, but is {options.MaxVideoBytes}",
                ] : Array.Empty<string>(),
            .. StorePlace.Faults("Jobs", options.Postgres, options.S3),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    static string[] Address(string option, string address) =>
        GatewayAddresses.FaultOf(address) is { } fault ? [$"Jobs:{option}: {fault}"] : [];
}
