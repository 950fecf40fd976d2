using Google.Protobuf.WellKnownTypes;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>A job in the database, with the counts of its items.</summary>
public sealed record JobRow
{
    /// <summary>The columns of this record, selected from rewas_jobs j.</summary>
    public static string Columns { get; } =
        $"j.id, j.caller, j.request_sha256, j.name, j.state, j.items, j.revision, j.created, j.ended, (SELECT COUNT(*) FROM rewas_items "
        + "i WHERE i.job = j.id) AS taken, "
        + $"{Count(ItemState.Running, "running")}, {Count(ItemState.Succeeded, "succeeded")}, {Count(ItemState.Failed, "failed")}, "
        + $"{Count(ItemState.Cancelled, "cancelled")}";

    public string Id { get; init; } = "";

    public string Caller { get; init; } = "";

    public string RequestSha256 { get; init; } = "";

    public string Name { get; init; } = "";

    public long State { get; init; }

    public long Items { get; init; }

    /// <summary>Number of items received.</summary>
    public long Taken { get; init; }

    public long Revision { get; init; }

    public long Created { get; init; }

    /// <summary>End time; 0 until the job has ended.</summary>
    public long Ended { get; init; }

    public long Running { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long Cancelled { get; init; }

    public bool HasEnded => Ended > 0;

    public Job ToMessage(TimeSpan retention) => new()
    {
        JobId = Id,
        Name = Name,
        State = (JobState)State,
        Items = (int)Items,
        Running = (int)Running,
        Succeeded = (int)Succeeded,
        Failed = (int)Failed,
        Cancelled = (int)Cancelled,
        Created = Time(Created),
        Ended = HasEnded ? Time(Ended) : null,
        Expires = HasEnded ? Time(Ended + (long)retention.TotalMilliseconds) : null,
        Revision = Revision,
    };

    static Timestamp Time(long milliseconds) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    static string Count(ItemState state, string name) =>
        $"(SELECT COUNT(*) FROM rewas_items i WHERE i.job = j.id AND i.state = {(int)state}) AS {name}";
}
