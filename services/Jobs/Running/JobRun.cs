using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Quartz;
using Rewas.Jobs.Data;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;
using Rewas.Store.Data;

namespace Rewas.Jobs.Running;

/// <summary>
/// Works on one job until all of its items have ended. Quartz runs a job once at a time in the whole cluster, and again after its process
/// has ended. Finished items are in the database, so each run continues where the last one stopped.
/// </summary>
[DisallowConcurrentExecution]
sealed class JobRun(
    RunTable runs,
    ItemMaker maker,
    RoomWaits waits,
    IHostApplicationLifetime host,
    IOptions<JobsOptions> configured,
    TimeProvider time,
    StoreClock clock,
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
        var turn = new RunTurn(runs, job, caller, options.TurnTime, time, clock);
        var watching = WatchAsync(job, run, progress, stop);
        try
        {
            await Task.WhenAll(
                Enumerable.Range(0, options.MaxParallelItems).Select(_ => WorkAsync(job, run, caller, turn, progress, stop)));
            // Open items are left for a later run, if the turn is over, or all of them wait.
            if (await runs.EndAsync(job, run, cancellationToken) is { } state)
                log.JobEnded(job, state);
        }
        catch (DbException reason) when (StoreDatabase.MayPass(reason))
        {
            // The run ends, and the dispatcher begins another one when the database is back.
            log.LookFailed(reason);
            await UntilWrittenAsync("the return of items", end => runs.ReturnAsync(job, run, end), cancellationToken);
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

    /// <summary>Makes one item after another until none is left, none is due for long, or the run makes way for another job.</summary>
    async Task WorkAsync(string job, long run, string caller, RunTurn turn, RunProgress progress, CancellationTokenSource stop)
    {
        try
        {
            while (!await turn.IsOverAsync(stop.Token))
            {
                if (await runs.ClaimAsync(job, run, stop.Token) is { } item)
                    await turn.DoAsync(() => MakeAsync(item, run, caller, progress, stop.Token));
                else if (await runs.NextTimeAsync(job, stop.Token) is { } next
                    && DateTimeOffset.FromUnixTimeMilliseconds(next) - clock.Now is var wait && (wait <= LongestWait || !turn.IsIdle))
                    await Task.Delay(Between(options.PollInterval, wait, LongestWait), time, stop.Token);
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
            waits.Made(item);
            await UntilWrittenAsync(
                "the end of an item", end => runs.SucceededAsync(item, run, result, found, end), host.ApplicationStopping);
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
        catch (DbException reason) when (StoreDatabase.MayPass(reason))
        {
            throw;                                                           // says nothing about the item; the run returns it
        }
        catch (Exception failure)
        {
            await TellAsync(item, run, failure);
        }
    }

    /// <summary>A database that is away costs no attempt: what has ended waits until it can be written.</summary>
    Task UntilWrittenAsync(string what, Func<CancellationToken, Task> change, CancellationToken cancellation) => log.UntilWrittenAsync(
        what,
        time,
        async stop =>
        {
            await change(stop);
            return true;
        },
        cancellation);

    Task TellAsync(ItemRow item, long run, Exception failure)
    {
        if (AttemptFailure.Of(failure) is not { } why)
        {
            var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
            log.AttemptBroke(failure, item.Job, item.Item, item.Attempts, correlation);
            why = new($"internal error; correlation {correlation}", MayPass: true);
        }
        else
        {
            why = waits.Judged(item, why);
            log.AttemptFailed(item.Job, item.Item, item.Attempts, why.Reason);
        }
        var last = !why.MayPass || (why.Counts && item.Attempts >= options.MaxAttempts);
        var delay = why.RetryAfter ?? Between(options.RetryDelay, options.RetryDelay * Math.Pow(2, item.Attempts - 1), LongestDelay);
        return UntilWrittenAsync(
            "the end of an attempt",
            end => last
                ? runs.FailedAsync(item, run, why.Reason, end)
                : runs.AgainAsync(item, run, why.Reason, delay, why.Counts, end),
            host.ApplicationStopping);
    }

    /// <summary>Stores the progress of items, and stops the run when it is not the current one.</summary>
    async Task WatchAsync(string job, long run, RunProgress progress, CancellationTokenSource stop)
    {
        try
        {
            while (await LooksOnAsync(job, run, progress, stop.Token))
                await Task.Delay(options.PollInterval, time, stop.Token);
        }
        catch (Exception e) when (e is SupersededException or OperationCanceledException)
        {
        }
        await stop.CancelAsync();
    }

    /// <summary>One look of the watch. A database that is away ends no watch.</summary>
    /// <returns>False if another run is the current one.</returns>
    async Task<bool> LooksOnAsync(string job, long run, RunProgress progress, CancellationToken cancellation)
    {
        try
        {
            if (progress.Take() is not { Count: > 0 } changed)
                return await runs.CountsAsync(job, run, cancellation);
            await runs.ProgressAsync(job, run, changed, cancellation);
        }
        catch (DbException reason)
        {
            log.LookFailed(reason);
        }
        return true;
    }

    static TimeSpan Between(TimeSpan least, TimeSpan value, TimeSpan most) => value < least ? least : value > most ? most : value;
}
