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
                await DispatchAsync(scheduler, stopping);
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
    /// Gives each job that has work to Quartz. A job that waits there is set right: earlier jobs of its caller may have ended since, or its
    /// process has died.
    /// </summary>
    async Task DispatchAsync(IScheduler scheduler, CancellationToken cancellation)
    {
        var open = (await runs.OpenAsync(cancellation)).Where(job => job.HasWork(clock.Now)).GroupBy(job => job.Caller).ToList();
        if (open.Count == 0)
            return;
        var query = new TriggerQuery { State = TriggerState.Normal, Take = PagedQuery.All };
        var waiting = (await scheduler.QueryTriggers(query, cancellation)).Items.ToLookup(trigger => trigger.JobKey.Name);
        foreach (var ofCaller in open)
            foreach (var (rank, job) in ofCaller.Index())
            {
                var known = waiting[job.Id].FirstOrDefault();
                // Its process has died. Its items still look as if they were being made, so nobody would make way for it.
                if (known is not null && job.Making > 0)
                    await runs.LoseAsync(job, options.MaxAttempts, cancellation);
                await ScheduleAsync(scheduler, job, known, StartOf(rank, clock.Now), cancellation);
            }
    }

    /// <summary>
    /// Start of a job that begins to wait. Quartz begins the one with the earliest start first, so jobs have their turns in the order in
    /// which they began to wait. The second job of a caller goes before the first one of another only if it has waited for an hour longer.
    /// All starts lie in the past, by the clock of every node.
    /// </summary>
    /// <param name="rank">Number of the job among those of its caller, from 0.</param>
    internal static DateTimeOffset StartOf(int rank, DateTimeOffset now) => now.AddDays(-3650).AddHours(rank);

    /// <param name="waiting">What Quartz has of it already; null if it does not wait there.</param>
    static async Task ScheduleAsync(
        IScheduler scheduler, OpenJob job, TriggerHeader? waiting, DateTimeOffset start, CancellationToken cancellation)
    {
        var key = new JobKey(job.Id);
        var trigger = TriggerBuilder.Create()
            .WithIdentity(job.Id)
            .ForJob(key)
            .StartAt(start)
            .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
            .Build();
        try
        {
            if (waiting is { NextFireTimeUtc: { } due } && due > start)
                await scheduler.RescheduleJob(waiting.Key, trigger, cancellation);
            else if (waiting is null && !await scheduler.Exists(key, cancellation))
                await scheduler.ScheduleJob(
                    JobBuilder.Create<JobRun>().WithIdentity(key).RequestRecovery().Build(), trigger, cancellationToken: cancellation);
        }
        catch (ObjectAlreadyExistsException)
        {
            // Another node was faster.
        }
    }
}
