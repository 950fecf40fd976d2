using System.Diagnostics;
using Microsoft.Extensions.Options;
using Quartz;
using Rewas.Jobs.Data;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;

namespace Rewas.Jobs.Running;

/// <summary>
/// Works on one job until all of its items have ended. Quartz runs a job once at a time in the whole cluster, and again after its process
/// has ended. Finished items are in the database, so each run continues where the last one stopped.
/// </summary>
[DisallowConcurrentExecution]
sealed class JobRun(
    RunTable runs,
    ItemMaker maker,
    IHostApplicationLifetime host,
    IOptions<JobsOptions> configured,
    TimeProvider time,
    ILogger<JobRun> log) : IJob
{
    static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5), LongestWait = TimeSpan.FromSeconds(5);

    readonly JobsOptions options = configured.Value;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var job = context.JobDetail.Key.Name;
        if (host.ApplicationStopping.IsCancellationRequested
            || await runs.BeginAsync(job, options.MaxAttempts, cancellationToken) is not var (run, caller))
            return;
        log.RunBegins(job, run, ItemMaker.Node);
        // Stops before the host waits for running calls, which include our calls of the stages.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        var progress = new RunProgress();
        var watching = WatchAsync(job, run, progress, stop);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.MaxParallelItems).Select(_ => WorkAsync(job, run, caller, progress, stop)));
            if (await runs.EndAsync(job, run, cancellationToken) is { } state)
                log.JobEnded(job, state);
        }
        catch (Exception e) when (e is SupersededException || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // The job was cancelled, or another run continues it. In that case the dispatcher of a remaining node starts it, or the
            // dispatcher of this node after a restart.
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    /// <summary>Makes one item after another until none waits.</summary>
    async Task WorkAsync(string job, long run, string caller, RunProgress progress, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                if (await runs.ClaimAsync(job, run, stop.Token) is { } item)
                    await MakeAsync(item, run, caller, progress, stop.Token);
                else if (await runs.NextTimeAsync(job, stop.Token) is { } next)
                    await Task.Delay(
                        Between(options.PollInterval, DateTimeOffset.FromUnixTimeMilliseconds(next) - time.GetUtcNow(), LongestWait),
                        time,
                        stop.Token);
                else
                    return;
            }
        }
        catch
        {
            await stop.CancelAsync();                                        // stop the other workers
            throw;
        }
    }

    async Task MakeAsync(ItemRow item, long run, string caller, RunProgress progress, CancellationToken cancellation)
    {
        try
        {
            var (result, found) = await maker.MakeAsync(item, run, caller, progress.Of(item), cancellation);
            await runs.SucceededAsync(item, run, result, found, CancellationToken.None);
        }
        catch (SupersededException)
        {
            throw;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // An attempt that a stop interrupts says nothing about the item. The item waits again, and the attempt does not count.
            await runs.AgainAsync(item, run, "", TimeSpan.Zero, counts: false, CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
        }
        catch (Exception failure)
        {
            await TellAsync(item, run, failure);
        }
    }

    Task TellAsync(ItemRow item, long run, Exception failure)
    {
        if (AttemptFailure.Of(failure) is not { } why)
        {
            var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
            log.AttemptBroke(failure, item.Job, item.Item, item.Attempts, correlation);
            why = new($"internal error; correlation {correlation}", MayPass: true);
        }
        else
            log.AttemptFailed(item.Job, item.Item, item.Attempts, why.Reason);
        var last = !why.MayPass || (why.Counts && item.Attempts >= options.MaxAttempts);
        var delay = why.RetryAfter ?? Between(options.RetryDelay, options.RetryDelay * Math.Pow(2, item.Attempts - 1), LongestDelay);
        return last
            ? runs.FailedAsync(item, run, why.Reason, CancellationToken.None)
            : runs.AgainAsync(item, run, why.Reason, delay, why.Counts, CancellationToken.None);
    }

    /// <summary>Stores the progress of items, and stops the run when it is not the current one.</summary>
    async Task WatchAsync(string job, long run, RunProgress progress, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.PollInterval, time, stop.Token);
                if (progress.Take() is { Count: > 0 } changed)
                    await runs.ProgressAsync(job, run, changed, stop.Token);
                else if (!await runs.CountsAsync(job, run, stop.Token))
                    break;
            }
        }
        catch (Exception e) when (e is SupersededException or OperationCanceledException)
        {
        }
        catch (System.Data.Common.DbException reason)
        {
            log.LookFailed(reason);                                          // the items' own changes report the failure
            return;
        }
        await stop.CancelAsync();
    }

    static TimeSpan Between(TimeSpan least, TimeSpan value, TimeSpan most) => value < least ? least : value > most ? most : value;
}
