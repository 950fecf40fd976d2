using Microsoft.Extensions.Options;
using Rewas.Agent.Sessions;
using Rewas.Agent.Settings;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Agent.Turns;

/// <summary>
/// Looks for turns of replicas that have died, and for sessions that have ended. Nothing that goes wrong here ends the host.
/// </summary>
sealed class TurnSweep(
    TurnRunner runner,
    SessionStore sessions,
    UnusedFiles files,
    IOptions<AgentOptions> options,
    IOptions<StoreOptions> store,
    TimeProvider time,
    ILogger<TurnSweep> log) : BackgroundService
{
    static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.SessionLifetime / 2 < LongestInterval ? options.Value.SessionLifetime / 2 : LongestInterval;
        var swept = 0L;
        using var timer = new PeriodicTimer(store.Value.TakeOverAfter / 2, time);
        try
        {
            do
            {
                try
                {
                    await runner.LookAsync(stoppingToken);
                    if (time.GetElapsedTime(swept) < interval)
                        continue;
                    await sessions.SweepAsync(stoppingToken);
                    await files.SweepAsync(arrival: null, stoppingToken);
                    swept = time.GetTimestamp();
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    log.LookFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await runner.StopAsync();
        }
    }
}
