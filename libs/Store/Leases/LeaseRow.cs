namespace Rewas.Store.Leases;

/// <summary>Something that is kept for its caller until its lease ends: a session, a video, a render.</summary>
public sealed record LeaseRow
{
    /// <summary>The columns of this record.</summary>
    internal const string Columns =
        "id, kind, caller, idempotency_key, request_sha256, parent, bytes, state, document, progress, revision, created, ends, attempts";

    /// <summary>128 random bits. Knowing the id is part of the permission.</summary>
    public string Id { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>The owner. Other callers cannot find it.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Chosen by the caller; empty for none. A repeated request with the same key finds the same row.</summary>
    public string IdempotencyKey { get; init; } = "";

    /// <summary>Hash of the request that created it.</summary>
    public string RequestSha256 { get; init; } = "";

    /// <summary>Id of the lease that it is deleted with; empty for none.</summary>
    public string Parent { get; init; } = "";

    /// <summary>Bytes that are reserved for its files.</summary>
    public long Bytes { get; init; }

    /// <summary>A number of its kind. Running work has 0.</summary>
    public long State { get; init; }

    public byte[] Document { get; init; } = [];

    /// <summary>How far running work is, or how it ended.</summary>
    public byte[] Progress { get; init; } = [];

    /// <summary>Number of attempts at its work that were begun and not handed back.</summary>
    public long Attempts { get; init; }

    /// <summary>Counts the changes of the document.</summary>
    public long Revision { get; init; }

    public long Created { get; init; }

    /// <summary>When it is deleted, Unix milliseconds.</summary>
    public long Ends { get; init; }

    public DateTimeOffset EndsAt => DateTimeOffset.FromUnixTimeMilliseconds(Ends);
}

/// <summary>What exists of some kinds.</summary>
/// <param name="Count">Number of all.</param>
/// <param name="Bytes">Reserved bytes of all.</param>
/// <param name="Running">Number with state 0.</param>
public sealed record LeaseTotals(long Count, long Bytes, long Running);
