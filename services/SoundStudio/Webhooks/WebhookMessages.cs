using Google.Protobuf.WellKnownTypes;
using Rewas.V1;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>Converts deliveries and secrets to messages.</summary>
static class WebhookMessages
{
    public static V1.WebhookDelivery ToMessage(this WebhookDelivery delivery, IEnumerable<WebhookAttempt> attempts) => new()
    {
        DeliveryId = delivery.Id,
        Type = delivery.Type,
        Url = delivery.Url,
        State = (DeliveryState)delivery.State switch
        {
            DeliveryState.Delivered => WebhookState.Delivered,
            DeliveryState.Failed => WebhookState.Failed,
            DeliveryState.Disabled => WebhookState.Disabled,
            _ => WebhookState.Pending,
        },
        Created = TimeOf(delivery.Created),
        NextAttempt = delivery.State == (long)DeliveryState.Pending ? TimeOf(delivery.NotBefore) : null,
        Attempts =
        {
            attempts.Select(attempt => new V1.WebhookAttempt
            {
                At = TimeOf(attempt.At),
                Status = (int)attempt.Status,
                Error = attempt.Error,
                Answer = attempt.Answer,
                Took = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(attempt.Took)),
            }),
        },
    };

    /// <param name="secret">The secret itself; null leaves it out.</param>
    public static WebhookSecret ToMessage(this SecretRow row, string? secret = null) => new()
    {
        SecretId = row.Id,
        Secret = secret ?? "",
        Created = TimeOf(row.Created),
        Ends = row.Ends > 0 ? TimeOf(row.Ends) : null,
    };

    static Timestamp TimeOf(long milliseconds) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
