namespace Rewas.SoundStudio.Webhooks;

/// <summary>States of a delivery, as the database keeps them.</summary>
public enum DeliveryState
{
    Pending = 0,
    Delivered = 1,

    /// <summary>It is not sent again unless it is replayed.</summary>
    Failed = 2,

    /// <summary>The receiver wants no more.</summary>
    Disabled = 3,
}

/// <summary>One event on its way to one address, as the database has it.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The columns of this record.</summary>
    public const string Columns = "id, sound, caller, type, url, payload, state, tries, not_before, created, ended";

    /// <summary>Also the header webhook-id, the same for every attempt, so that a receiver knows what it has already had.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the render.</summary>
    public string Sound { get; init; } = "";

    public string Caller { get; init; } = "";

    public string Type { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>The body, UTF-8. Every attempt sends the same bytes.</summary>
    public byte[] Payload { get; init; } = [];

    public long State { get; init; }

    /// <summary>Attempts since it was created or replayed.</summary>
    public long Tries { get; init; }

    /// <summary>When it is due, Unix milliseconds.</summary>
    public long NotBefore { get; init; }

    public long Created { get; init; }

    /// <summary>When it was delivered or given up; 0 before.</summary>
    public long Ended { get; init; }
}

/// <summary>One request to a receiver.</summary>
/// <param name="At">When it began, Unix milliseconds.</param>
/// <param name="Status">HTTP status of the answer; 0 if there was none.</param>
/// <param name="Error">Why there was no answer, or why it does not count; empty if it counts.</param>
/// <param name="Answer">The beginning of the answer's body.</param>
/// <param name="Took">Milliseconds.</param>
public sealed record WebhookAttempt(long At, long Status, string Error, string Answer, long Took);
