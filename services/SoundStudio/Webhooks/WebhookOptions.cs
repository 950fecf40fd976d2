using System.ComponentModel.DataAnnotations;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>Webhooks: what the studio tells when a sound has ended. Configuration section "Webhooks".</summary>
public sealed record WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Whether callers may order webhooks. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether a webhook may be http://. For development. Default false: https:// alone.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>
    /// Key that encrypts the callers' secrets in the database: 32 bytes in base64, the same for all replicas. Default: empty, a key that is
    /// made in the store's folder; with PostgreSQL it must be given.
    /// </summary>
    public string Key { get; init; } = "";

    /// <summary>Longest time of an attempt, from the connection to the end of the answer. Default 15 s, 1 s to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the database is checked for deliveries that are due. Default 1 s, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most attempts at a time of one process. Default 16, 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxParallel { get; init; } = 16;

    /// <summary>Most attempts at a time for one caller. Default 4, 1 to 256.</summary>
    [Range(1, 256)]
    public int MaxParallelPerCaller { get; init; } = 4;

    /// <summary>Most deliveries of one caller that wait for an attempt. Default 1000, 1 to 1 million.</summary>
    [Range(1, 1_000_000)]
    public int MaxPendingPerCaller { get; init; } = 1000;

    /// <summary>Most deliveries that are kept of one caller, ended ones included. Default 10000, 1 to 10 million.</summary>
    [Range(1, 10_000_000)]
    public int MaxDeliveriesPerCaller { get; init; } = 10_000;

    /// <summary>Time after its end when a delivery is deleted. Default 7 days, 1 s to 1 year.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Time for which the old secret signs too after a new one was created. Default 1 day, 0 to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromDays(1);
}
