using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>Sends the deliveries that are due, and tries again those that fail. Nothing that goes wrong here ends the host.</summary>
sealed class WebhookSender(
    WebhookTable table, WebhookSecrets secrets, WebhookPost post, IOptions<WebhookOptions> configured, TimeProvider time,
    ILogger<WebhookSender> log) : BackgroundService
{
    static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    readonly WebhookOptions options = configured.Value;
    readonly string holder = Guid.NewGuid().ToString("n");
    readonly ConcurrentDictionary<Task, byte> running = [];
    long swept = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PollInterval, time);
        try
        {
            do
            {
                try
                {
                    await BeginDueAsync(stoppingToken);
                    if (time.GetElapsedTime(swept) >= SweepInterval)
                    {
                        swept = time.GetTimestamp();
                        await table.SweepAsync(stoppingToken);
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    log.WebhooksFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(running.Keys);
        }
    }

    /// <summary>Sends what is due now, and waits until each attempt has ended.</summary>
    internal async Task SendDueAsync(CancellationToken cancellation)
    {
        await BeginDueAsync(cancellation);
        await Task.WhenAll(running.Keys);
    }

    /// <summary>Begins to send what is due now, as far as there is room.</summary>
    async Task BeginDueAsync(CancellationToken cancellation)
    {
        if (options.MaxParallel - running.Count is not (> 0 and var room))
            return;
        foreach (var delivery in await table.TakeDueAsync(holder, room, cancellation))
        {
            var sending = AttemptAsync(delivery, cancellation);
            running[sending] = 0;
            _ = sending.ContinueWith(over => running.TryRemove(over, out _), TaskScheduler.Default);
        }
    }

    async Task AttemptAsync(WebhookDelivery delivery, CancellationToken stop)
    {
        try
        {
            var result = await post.SendAsync(delivery, await secrets.OpenAsync(delivery.Caller, stop), stop);
            // What the receiver has had must be noted even if the process stops now.
            await table.EndAttemptAsync(After(delivery, result), holder, result.Attempt, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ReleaseAsync(delivery);
        }
        catch (Exception failure)
        {
            // It is sent again, under the same id, when it is not held any more.
            log.WebhooksFailed(failure);
        }
    }

    async Task ReleaseAsync(WebhookDelivery delivery)
    {
        try
        {
            await table.ReleaseAsync(delivery.Id, holder);
        }
        catch (Exception failure)
        {
            log.WebhooksFailed(failure);                                     // another process takes it a little later
        }
    }

    WebhookDelivery After(WebhookDelivery delivery, PostResult result)
    {
        var tried = delivery with { Tries = delivery.Tries + 1 };
        switch (result.Verdict)
        {
            case Verdict.Delivered:
                return tried with { State = (long)DeliveryState.Delivered };
            case Verdict.Disabled:
                return tried with { State = (long)DeliveryState.Disabled };
            case Verdict.Again when WebhookSchedule.WaitAfter(tried.Tries, result.RetryAfter, Random.Shared.NextDouble()) is { } wait:
                return tried with { NotBefore = table.Now + (long)wait.TotalMilliseconds };
            default:
                return tried with { State = (long)DeliveryState.Failed };
        }
    }
}
