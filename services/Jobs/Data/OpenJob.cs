namespace Rewas.Jobs.Data;

/// <summary>A job that has not ended.</summary>
public sealed record OpenJob
{
    public string Id { get; init; } = "";

    public string Caller { get; init; } = "";

    /// <summary>Runs so far.</summary>
    public long Run { get; init; }

    /// <summary>Items that are being made, or were when their process ended.</summary>
    public long Making { get; init; }

    /// <summary>When its next waiting item is due, Unix milliseconds; null if none waits.</summary>
    public long? Next { get; init; }

    /// <summary>Whether a run would find something to do, if only the end of the job.</summary>
    public bool HasWork(DateTimeOffset now) => Making > 0 || Next is null || Next <= now.ToUnixTimeMilliseconds();

    /// <summary>Whether it has work, and nobody does it.</summary>
    public bool Waits(DateTimeOffset now) => Making == 0 && HasWork(now);
}
