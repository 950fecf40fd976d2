using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Gateway.Web.Webhooks;

/// <summary>A secret that signs webhooks.</summary>
sealed record SecretView
{
    [Description("Names the secret in other calls.")]
    public required string Id { get; init; }

    [Description("whsec_ and 32 bytes in base64. It is told when it is created, and never again.")]
    public string? Secret { get; init; }

    public required DateTimeOffset Created { get; init; }

    [Description("When it stops signing, because a newer one was created; absent for the newest.")]
    public DateTimeOffset? Ends { get; init; }

    public static SecretView Of(WebhookSecret secret) => new()
    {
        Id = secret.SecretId,
        Secret = secret.Secret.Length > 0 ? secret.Secret : null,
        Created = secret.Created.ToDateTimeOffset(),
        Ends = secret.Ends?.ToDateTimeOffset(),
    };
}

/// <param name="Data">The newest first.</param>
sealed record SecretList(IReadOnlyList<SecretView> Data);

/// <summary>One event on its way to one address.</summary>
sealed record DeliveryView
{
    [Description("Also the header webhook-id, the same for every attempt.")]
    public required string Id { get; init; }

    [Description("sound.completed, sound.failed or sound.cancelled.")]
    public required string Type { get; init; }

    public required string Url { get; init; }

    [Description("pending, delivered, failed or disabled (the receiver answered 410).")]
    public required string Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    [Description("When it is sent next; absent unless it is pending.")]
    public DateTimeOffset? NextAttempt { get; init; }

    [Description("The last ones, oldest first.")]
    public required IReadOnlyList<AttemptView> Attempts { get; init; }

    public static DeliveryView Of(WebhookDelivery delivery) => new()
    {
        Id = delivery.DeliveryId,
        Type = delivery.Type,
        Url = delivery.Url,
        Status = delivery.State.ToString().ToLowerInvariant(),
        Created = delivery.Created.ToDateTimeOffset(),
        NextAttempt = delivery.NextAttempt?.ToDateTimeOffset(),
        Attempts = [.. delivery.Attempts.Select(AttemptView.Of)],
    };
}

/// <param name="Data">The oldest first.</param>
sealed record DeliveryList(IReadOnlyList<DeliveryView> Data);

sealed record AttemptView
{
    public required DateTimeOffset At { get; init; }

    [Description("HTTP status of the answer; absent if there was none.")]
    public int? Status { get; init; }

    [Description("Why there was no answer, or why it does not count; absent if it counts.")]
    public string? Error { get; init; }

    [Description("The beginning of the answer's body.")]
    public required string Answer { get; init; }

    [Description("Seconds from the connection to the end of the answer.")]
    public required double Seconds { get; init; }

    public static AttemptView Of(WebhookAttempt attempt) => new()
    {
        At = attempt.At.ToDateTimeOffset(),
        Status = attempt.Status > 0 ? attempt.Status : null,
        Error = attempt.Error.Length > 0 ? attempt.Error : null,
        Answer = attempt.Answer,
        Seconds = attempt.Took.ToTimeSpan().TotalSeconds,
    };
}
