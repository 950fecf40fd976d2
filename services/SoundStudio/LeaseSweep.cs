using Microsoft.Extensions.Options;
using Rewas.Store.Files;
using Rewas.Store.Leases;

namespace Rewas.SoundStudio;

/// <summary>
/// Deletes projects and videos whose lease has ended, and looks for renders of replicas that have died. Nothing that goes wrong here ends
/// the host.
/// </summary>
sealed class LeaseSweep(
    LeaseTable leases,
    WorkingVideos copies,
    RenderRunner runner,
    ExportedFiles exports,
    UnusedFiles files,
    IOptions<SoundStudioOptions> options,
    TimeProvider time,
    ILogger<LeaseSweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Clamp(options.Value.Lease.TotalSeconds / 4, 0.25, 5)), time);
        try
        {
            do
            {
                try
                {
                    await leases.SweepAsync(LeasedProjects.Projects, stoppingToken);
                    await leases.SweepAsync(LeasedVideos.Videos, stoppingToken);
                    await leases.SweepOrphansAsync(stoppingToken);
                    await runner.SweepAsync(stoppingToken);
                    await copies.SweepAsync(stoppingToken);
                    await exports.SweepAsync(async render => await leases.ReadAsync(render, stoppingToken) is not null);
                    await files.SweepAsync(arrival: null, stoppingToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    log.SweepFailed(failure);
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
