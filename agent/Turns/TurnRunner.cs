using System.Data.Common;
using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Agent.Chat;
using Rewas.Agent.Sessions;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Store.Data;
using Rewas.Store.Leases;
using Rewas.Store.Settings;
using Rewas.V1;

namespace Rewas.Agent.Turns;

/// <summary>
/// Answers the turns of sessions, one after another, whoever listens. A turn whose replica has died is answered again, here or at another
/// replica, from the session as it was before the turn.
/// </summary>
public sealed class TurnRunner(
    TurnLog log,
    TurnSignals signals,
    SessionStore sessions,
    Conversation conversation,
    StoreDatabase database,
    LeaseTable leases,
    Claims claims,
    IOptions<StoreOptions> store,
    TimeProvider time,
    ILogger<TurnRunner> logger) : ClaimedWork<TurnRunner.OpenTurn>(claims, store, time)
{
    const string Stopped = "stopped";

    /// <summary>Attempts after which a turn counts as failed. Each earlier one has ended with its process, or met a full disk.</summary>
    const int MostAttempts = 5;

    /// <summary>Looks for turns that nobody answers.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        foreach (var session in await log.UnfinishedAsync(cancel))
            Ensure(session);
    }

    protected override string ClaimOf(string key) => SessionStore.ClaimOf(key);

    protected override async Task<OpenTurn?> NextAsync(string key, CancellationToken cancellation) =>
        await log.NextAsync(key, cancellation) is { } next && await leases.ReadAsync(key, cancellation) is { } row
            ? new(row, next.Turn)
            : null;                                                          // all are answered, or the session has expired

    protected override async Task DoAsync(OpenTurn work, Claim claim)
    {
        await using var hold = await sessions.HoldAsync(work.Session, claim, Ending);
        // The turn may have ended before the session was held.
        if (await log.FindAsync(work.Session.Id, work.Turn, Ending) is { HasEnded: false } open)
            await AnswerAsync(hold, open);
    }

    protected override void Broke(Exception failure, string key) => logger.TurnBroke(failure, key);

    /// <summary>
    /// Answers one turn. :: Step 1: read what an earlier attempt has said. :: Step 2: answer, until the end, a stop, or the loss of the
    /// session. :: Step 3: write the end with the session, all or nothing.
    /// </summary>
    async Task AnswerAsync(SessionHold hold, TurnRow turn)
    {
        // :: Step 1
        var session = hold.Session;
        // Whoever noticed the turn began this task: another caller, or the sweep.
        CallerHeader.ActFor(session.Caller);
        await session.Files!.SettleAsync(session.Candidates, Ending);
        await log.CountAsync(session.Name, turn.Turn, 1, Ending);
        var earlier = await log.OfTurnAsync(session.Name, turn.Turn, Ending);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(hold.Lost, Ending);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lost.Token);
        await using var events = new TurnEvents(
            database, hold, signals, turn.Turn, earlier, await log.LastEventAsync(session.Name, Ending), Time, logger, lost.Token);
        using var watched = new CancellationTokenSource();
        var watching = WatchForStopAsync(session.Name, turn.Turn, stop, watched.Token);

        // :: Step 2
        var (saved, written) = (false, false);
        try
        {
            ChatEvent last;
            try
            {
                if (turn.Attempts >= MostAttempts)
                    throw new RpcException(new(
                        StatusCode.Aborted, $"{turn.Attempts} attempts have failed; say it in another way"));
                last = turn.State == (long)TurnState.Stopping
                    ? new() { TurnEnded = Stopped }
                    : new() { TurnEnded = await conversation.AnswerAsync(session, turn.Words, events.Emit, stop.Token) };
                hold.ThrowIfTooLarge();
                saved = true;
            }
            catch (Exception) when (lost.IsCancellationRequested)
            {
                if (Ending.IsCancellationRequested)
                    await log.CountAsync(session.Name, turn.Turn, -1, CancellationToken.None);
                throw new OperationCanceledException(lost.Token);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                Conversation.BreakOff(session);
                (last, saved) = (new() { TurnEnded = Stopped }, true);
            }
            catch (Exception passing) when (
                passing is ClaimLostException || (PassingFault.Is(passing) && turn.Attempts + 1 < MostAttempts))
            {
                throw;                                                       // another replica answers, or this one later
            }
            catch (Exception failure)
            {
                last = new() { TurnFailed = FailureOf(failure, session.Name) };
            }

            // :: Step 3
            await events.EndAsync(last, saved);
            written = saved;
        }
        finally
        {
            if (!written)
                sessions.Forget(session.Name);                               // what half a turn did to it does not count
            await watched.CancelAsync();
            await watching;
        }
    }

    /// <summary>Stops the turn when the user says so, at this or another replica.</summary>
    async Task WatchForStopAsync(string session, long turn, CancellationTokenSource stop, CancellationToken cancel)
    {
        try
        {
            while (await IsWantedAsync(session, turn, cancel))
                await Task.Delay(PollInterval, Time, cancel);
            await stop.CancelAsync();
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>False when the user has stopped the turn. A database that is away stops nothing.</summary>
    async Task<bool> IsWantedAsync(string session, long turn, CancellationToken cancel)
    {
        try
        {
            return await log.FindAsync(session, turn, cancel) is { State: (long)TurnState.Open };
        }
        catch (DbException failure)
        {
            logger.TurnBroke(failure, session);
            return true;
        }
    }

    TurnFailure FailureOf(Exception failure, string session)
    {
        switch (failure)
        {
            case InputFault fault:
                return new()
                {
                    Status = (int)(fault.IsOfMachine ? FaultInterceptor.StatusOf(fault.Kind) : StatusCode.FailedPrecondition),
                    Message = fault.Message,
                };
            case StageFailure stage:
                return new() { Status = (int)stage.Status, Message = $"{stage.Stage}: {stage.Detail}" };
            case RpcException rpc:
                return new() { Status = (int)rpc.StatusCode, Message = rpc.Status.Detail };
            case var passing when PassingFault.Is(passing):
                return new() { Status = (int)StatusCode.Unavailable, Message = PassingFault.Reason(passing) };
            default:
                var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
                logger.TurnFailed(failure, session, correlation);
                return new() { Status = (int)StatusCode.Internal, Message = $"internal error; correlation {correlation}" };
        }
    }

    /// <summary>A turn that is to be answered.</summary>
    public sealed record OpenTurn(LeaseRow Session, long Turn);
}
