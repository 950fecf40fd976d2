using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting.Outgoing;
using Rewas.Protocol.Sounds;
using Rewas.V1;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>What is told about a sound when it ends: its state, as GET /v1/sounds/{id} tells it.</summary>
public sealed class WebhookEvents(
    WebhookTable table, WebhookSecrets secrets, OutgoingConnections connections, IOptions<WebhookOptions> configured, TimeProvider time)
{
    const string Field = "webhook";

    readonly WebhookOptions options = configured.Value;

    /// <exception cref="InputFault">The webhook of an order cannot be sent, or the caller has too many.</exception>
    public async Task ThrowUnlessPossibleAsync(string url, string caller, CancellationToken cancellation)
    {
        if (url.Length == 0)
            return;
        if (!options.Enabled)
            throw InputFault.Precondition(Field, "cannot be given: this server sends none (Webhooks:Enabled)");
        connections.Read(Field, url, options.AllowHttp);
        if ((await secrets.ListAsync(caller, cancellation)).Count == 0)
            throw InputFault.Precondition(Field, "needs a secret to sign with; create one with POST /v1/webhooks/secrets");
        await table.ThrowIfFullAsync(caller, cancellation);
    }

    /// <summary>The delivery of a sound's end; null if its order names no webhook.</summary>
    /// <param name="status">How it has ended.</param>
    public WebhookDelivery? Of(string caller, RenderStatus status) => status.Request.Webhook is not { Length: > 0 } url ? null : new()
    {
        Id = $"msg_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}",
        Sound = status.RenderId,
        Caller = caller,
        Type = TypeOf(status.State),
        Url = url,
        Payload = JsonSerializer.SerializeToUtf8Bytes(
            new { Type = TypeOf(status.State), Timestamp = time.GetUtcNow(), Data = SoundView.Of(status) }, SoundJson.Options),
    };

    /// <summary>Notes a delivery, in the transaction that ends its sound.</summary>
    /// <param name="delivery">Null: nothing is told.</param>
    public Task AddAsync(DbTransaction transaction, WebhookDelivery? delivery) =>
        delivery is null ? Task.CompletedTask : table.AddAsync(transaction, delivery);

    static string TypeOf(V1.RenderState state) => state switch
    {
        V1.RenderState.Succeeded => "sound.completed",
        V1.RenderState.Failed => "sound.failed",
        _ => "sound.cancelled",
    };
}
