using System.Data.Common;
using Microsoft.Extensions.Options;
using Quartz;
using Rewas.Jobs.Data;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;
using Rewas.Store.Data;
using Rewas.Store.Settings;

namespace Rewas.Jobs.Running;

/// <summary>
/// Starts the scheduler when this process may run jobs. Gives it every waiting job that it does not have: new jobs, and jobs of a process
/// that ended before. Also deletes expired jobs.
/// </summary>
sealed class JobDispatcher(
    ISchedulerFactory schedulers,
    IHostApplicationLifetime host,
    RunTable runs,
    Retention retention,
    FolderLock folder,
    StoreDatabase database,
    IOptions<StoreOptions> store,
    IOptions<JobsOptions> configured,
    TimeProvider time,
    StoreClock clock,
    ILogger<JobDispatcher> log)
    : BackgroundService
{
    static readonly TimeSpan LongestSweepInterval = TimeSpan.FromMinutes(1);

    readonly JobsOptions options = configured.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, host.ApplicationStopping);
        using var timer = new PeriodicTimer(options.PollInterval, time);
        if (!database.IsPostgres && !folder.TryTake())
        {
            log.StandsBy(store.Value.FolderPath());
            while (!folder.TryTake())
                await timer.WaitForNextTickAsync(stopping.Token);
        }
        var scheduler = await StartAsync(timer, stopping.Token);
        log.Leads(ItemMaker.Node);
        try
        {
            await LookAsync(scheduler, timer, stopping.Token);
        }
        finally
        {
            await scheduler.Standby(CancellationToken.None);                 // take no new jobs while the running ones are returned
        }
    }

    /// <summary>Starts the scheduler. A database that is away delays the start and does not end the host.</summary>
    async Task<IScheduler> StartAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var scheduler = await schedulers.GetScheduler(stopping);
                await scheduler.Start(stopping);
                return scheduler;
            }
            catch (Exception reason) when (reason is DbException or SchedulerException)
            {
                log.LookFailed(reason);
            }
            await timer.WaitForNextTickAsync(stopping);
        }
    }

    async Task LookAsync(IScheduler scheduler, PeriodicTimer timer, CancellationToken stopping)
    {
        var sweepInterval = options.Retention / 4 < LongestSweepInterval ? options.Retention / 4 : LongestSweepInterval;
        var swept = time.GetTimestamp();
        do
        {
            try
            {
                foreach (var ofCaller in (await runs.OpenAsync(stopping)).Where(job => job.HasWork(clock.Now)).GroupBy(job => job.Caller))
                    foreach (var (rank, job) in ofCaller.Index())
                        await ScheduleAsync(scheduler, job, rank, stopping);
                if (time.GetElapsedTime(swept) < sweepInterval)
                    continue;
                await retention.SweepAsync(stopping);
                swept = time.GetTimestamp();
            }
            catch (Exception reason) when (reason is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                // Nothing that goes wrong in a look or a sweep may end the host. The next one tries again.
                log.LookFailed(reason);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>
    /// Gives a job to Quartz, which begins the one with the earliest start first. All starts lie in the past, by the clock of every node.
    /// The first job of each caller goes before any second one; among equals, the one with fewer runs.
    /// </summary>
    /// <param name="rank">Number of the job among those of its caller, from 0.</param>
    static async Task ScheduleAsync(IScheduler scheduler, OpenJob job, int rank, CancellationToken cancellation)
    {
        var key = new JobKey(job.Id);
        if (await scheduler.Exists(key, cancellation))
            return;
        try
        {
            await scheduler.ScheduleJob(
                JobBuilder.Create<JobRun>().WithIdentity(key).RequestRecovery().Build(),
                TriggerBuilder.Create()
                    .WithIdentity(job.Id)
                    .StartAt(DateTimeOffset.UnixEpoch.AddHours(rank).AddSeconds(Math.Min(job.Run, 3599)))
                    .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
                    .Build(),
                cancellationToken: cancellation);
        }
        catch (ObjectAlreadyExistsException)
        {
            // Another node was faster.
        }
    }
}
