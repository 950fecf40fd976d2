using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>
/// The deliveries of webhooks in the database. A delivery is noted in the transaction that ends its sound, so no restart loses or doubles
/// it. A replica holds a delivery while it sends it; if the replica dies, another one sends it again under the same id.
/// </summary>
public sealed class WebhookTable(StoreDatabase database, StoreClock clock, IOptions<WebhookOptions> configured)
{
    /// <summary>Attempts that are kept of a delivery.</summary>
    const int KeptAttempts = 50;

    /// <summary>Time after the longest attempt in which its end must be noted.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);

    readonly WebhookOptions options = configured.Value;

    /// <summary>Unix milliseconds.</summary>
    public long Now => clock.Milliseconds;

    /// <summary>Notes an event, in the transaction that makes it true.</summary>
    public Task AddAsync(DbTransaction transaction, WebhookDelivery delivery) => transaction.Connection!.ExecuteAsync(
        $"INSERT INTO rewas_webhooks ({WebhookDelivery.Columns}, holder, held_until) VALUES (@Id, @Sound, @Caller, @Type, @Url, @Payload, "
        + "@State, @Tries, @NotBefore, @Created, @Ended, '', 0)",
        delivery with { NotBefore = clock.Milliseconds, Created = clock.Milliseconds },
        transaction);

    /// <exception cref="InputFault">Exhausted: the caller has too many deliveries.</exception>
    public async Task ThrowIfFullAsync(string caller, CancellationToken cancellation)
    {
        var (all, pending) = (await database.QueryAsync<(long, long)>(
            "SELECT COUNT(*), COUNT(CASE WHEN state = 0 THEN 1 END) FROM rewas_webhooks WHERE caller = @caller",
            new { caller },
            cancellation)).Single();
        if (pending >= options.MaxPendingPerCaller)
            throw InputFault.Exhausted(
                "webhook", $"at most {options.MaxPendingPerCaller} deliveries of a caller may wait (MaxPendingPerCaller)");
        if (all >= options.MaxDeliveriesPerCaller)
            throw InputFault.Exhausted(
                "webhook", $"at most {options.MaxDeliveriesPerCaller} deliveries of a caller are kept (MaxDeliveriesPerCaller)");
    }

    /// <summary>
    /// Takes deliveries that are due. Of each caller, at most <see cref="WebhookOptions.MaxParallelPerCaller"/> are held at a time, so that
    /// one caller's slow receivers do not keep others waiting.
    /// </summary>
    /// <param name="holder">Names the process that takes them.</param>
    public async Task<IReadOnlyList<WebhookDelivery>> TakeDueAsync(string holder, int most, CancellationToken cancellation)
    {
        var now = clock.Milliseconds;
        var due = await database.QueryAsync<string>(
            """
            SELECT id FROM (
                SELECT id, not_before, held_until, ROW_NUMBER() OVER (
                    PARTITION BY caller ORDER BY CASE WHEN held_until > @now THEN 0 ELSE 1 END, not_before, id) AS place
                FROM rewas_webhooks WHERE state = 0 AND not_before <= @now) due
            WHERE place <= @share AND held_until <= @now ORDER BY not_before, id LIMIT @most
            """,
            new { now, share = options.MaxParallelPerCaller, most },
            cancellation);
        var taken = new List<WebhookDelivery>();
        foreach (var id in due)
            taken.AddRange(await database.QueryAsync<WebhookDelivery>(
                "UPDATE rewas_webhooks SET holder = @holder, held_until = @until "
                + "WHERE id = @id AND state = 0 AND not_before <= @now AND held_until <= @now "
                + $"RETURNING {WebhookDelivery.Columns}",
                new { id, holder, now, until = now + (long)(options.Timeout + Grace).TotalMilliseconds },
                cancellation));
        return taken;
    }

    /// <summary>Notes an attempt and what follows from it, if this holder still holds the delivery.</summary>
    /// <param name="delivery">With its new state and due time.</param>
    public Task EndAttemptAsync(
        WebhookDelivery delivery, string holder, WebhookAttempt attempt, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var ended = delivery.State == (long)DeliveryState.Pending ? 0 : clock.Milliseconds;
            if (await connection.ExecuteAsync(
                "UPDATE rewas_webhooks SET state = @State, tries = @Tries, not_before = @NotBefore, ended = @ended, holder = '', "
                + "held_until = 0 WHERE id = @Id AND holder = @holder",
                new { delivery.Id, delivery.State, delivery.Tries, delivery.NotBefore, ended, holder },
                transaction) == 0)
                return false;
            var number = 1 + await connection.ExecuteScalarAsync<long>(
                "SELECT COALESCE(MAX(attempt), 0) FROM rewas_webhook_attempts WHERE delivery = @Id", delivery, transaction);
            await connection.ExecuteAsync(
                "INSERT INTO rewas_webhook_attempts (delivery, attempt, at, status, error, answer, took) "
                + "VALUES (@Id, @number, @At, @Status, @Error, @Answer, @Took)",
                new { delivery.Id, number, attempt.At, attempt.Status, attempt.Error, attempt.Answer, attempt.Took },
                transaction);
            await connection.ExecuteAsync(
                "DELETE FROM rewas_webhook_attempts WHERE delivery = @Id AND attempt <= @old",
                new { delivery.Id, old = number - KeptAttempts },
                transaction);
            if (delivery.State == (long)DeliveryState.Disabled)
                await connection.ExecuteAsync(
                    "UPDATE rewas_webhooks SET state = @State, ended = @ended WHERE caller = @Caller AND url = @Url AND state = 0",
                    new { delivery.State, delivery.Caller, delivery.Url, ended },
                    transaction);
            return true;
        },
        cancellation);

    /// <summary>Gives a delivery back whose attempt was broken off by this process.</summary>
    public Task ReleaseAsync(string id, string holder) => database.ExecuteAsync(
        "UPDATE rewas_webhooks SET holder = '', held_until = 0 WHERE id = @id AND holder = @holder",
        new { id, holder },
        CancellationToken.None);

    /// <summary>The deliveries of a caller's sound, oldest first.</summary>
    public Task<IReadOnlyList<WebhookDelivery>> ListAsync(string sound, string caller, CancellationToken cancellation) =>
        database.QueryAsync<WebhookDelivery>(
            $"SELECT {WebhookDelivery.Columns} FROM rewas_webhooks WHERE sound = @sound AND caller = @caller ORDER BY created, id",
            new { sound, caller },
            cancellation);

    public Task<IReadOnlyList<WebhookAttempt>> AttemptsAsync(string delivery, CancellationToken cancellation) =>
        database.QueryAsync<WebhookAttempt>(
            "SELECT at, status, error, answer, took FROM rewas_webhook_attempts WHERE delivery = @delivery ORDER BY attempt",
            new { delivery },
            cancellation);

    /// <summary>Makes a delivery due now, and begins its schedule anew.</summary>
    /// <exception cref="InputFault">NotFound: the caller's sound has no such delivery.</exception>
    public async Task ReplayAsync(string id, string sound, string caller, CancellationToken cancellation)
    {
        if (await database.ExecuteAsync(
            "UPDATE rewas_webhooks SET state = 0, tries = 0, not_before = @now, ended = 0 "
            + "WHERE id = @id AND sound = @sound AND caller = @caller",
            new { id, sound, caller, now = clock.Milliseconds },
            cancellation) == 0)
            throw InputFault.NotFound("delivery_id", $"'{id}' is no delivery of this sound");
    }

    /// <summary>Deletes what ended long ago, and secrets that sign no more.</summary>
    public Task SweepAsync(CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            var now = clock.Milliseconds;
            var expired = now - (long)options.Retention.TotalMilliseconds;
            await transaction.Connection!.ExecuteAsync(
                "DELETE FROM rewas_webhook_attempts WHERE delivery IN "
                + "(SELECT id FROM rewas_webhooks WHERE state <> 0 AND ended <= @expired)",
                new { expired },
                transaction);
            await transaction.Connection!.ExecuteAsync(
                "DELETE FROM rewas_webhooks WHERE state <> 0 AND ended <= @expired", new { expired }, transaction);
            return await transaction.Connection!.ExecuteAsync(
                "DELETE FROM rewas_webhook_secrets WHERE ends > 0 AND ends <= @now", new { now }, transaction);
        },
        cancellation);
}
