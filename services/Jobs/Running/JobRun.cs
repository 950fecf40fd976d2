using System.Diagnostics;
using Microsoft.Extensions.Options;
using Quartz;
using Rewas.Jobs.Data;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;

namespace Rewas.Jobs.Running;

/// <summary>
/// Works on one job until all of its items have ended. Quartz runs it once at a time in the whole cluster, and again where the process that
/// ran it has ended; what is finished is in the database, so each run goes on where the last one was.
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
        // Before the host waits for the calls in progress, ours to the stages among them.
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
            // It was cancelled, or another run goes on with it: the dispatcher of a node that stays, or of this one when it is started
            // again, sees to that.
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    /// <summary>One item after the other, until none waits.</summary>
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
            await stop.CancelAsync();                                        // the others need not go on
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
            // Whatever a stop breaks off says nothing of the item: its turn comes again, and this one does not count.
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

    /// <summary>Writes down where the items stand, and stops the run when it counts no more.</summary>
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
            log.LookFailed(reason);                                          // the items' own changes will tell
            return;
        }
        await stop.CancelAsync();
    }

    static TimeSpan Between(TimeSpan least, TimeSpan value, TimeSpan most) => value < least ? least : value > most ? most : value;
}
