using System.Threading.Channels;
using Rewas.Agent.Sessions;
using Rewas.Store.Data;
using Rewas.V1;

namespace Rewas.Agent.Turns;

/// <summary>
/// Numbers the events of one turn and writes them. Followers read what is written, so nobody sees an event that a crash could take back.
/// After a crash, the turn is answered again. As long as the new answer repeats the old one, nothing is written twice.
/// </summary>
sealed class TurnEvents : IAsyncDisposable
{
    /// <summary>Least time between two writes of progress alone.</summary>
    static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    const string BeginsAgain = "\n[I was interrupted and begin again.]\n";

    readonly StoreDatabase database;
    readonly SessionHold hold;
    readonly TurnSignals signals;
    readonly ILogger log;
    readonly TimeProvider time;
    readonly int turn;
    readonly CancellationToken end;
    readonly Channel<ChatEvent> incoming = Channel.CreateUnbounded<ChatEvent>(new() { SingleReader = true });
    readonly Queue<ChatEvent> earlier;
    readonly List<ChatEvent> repeated = [];
    readonly Task writing;
    long number;

    /// <param name="earlier">What an earlier attempt has written.</param>
    /// <param name="last">Number of the session's last event.</param>
    /// <param name="end">Ends the writing: the hold is lost, or the process stops.</param>
    public TurnEvents(
        StoreDatabase database,
        SessionHold hold,
        TurnSignals signals,
        long turn,
        IEnumerable<ChatEvent> earlier,
        long last,
        TimeProvider time,
        ILogger log,
        CancellationToken end)
    {
        (this.database, this.hold, this.signals, this.turn, this.time, this.log, this.end) =
            (database, hold, signals, (int)turn, time, log, end);
        (this.earlier, number) = (new(earlier), last);
        writing = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <summary>Takes an event. It is written soon, in order.</summary>
    public void Emit(AgentEvent happened) => incoming.Writer.TryWrite(EventMessages.Of(happened));

    /// <summary>Writes the rest, the last event, the end of the turn and the session, all or nothing.</summary>
    public async Task EndAsync(ChatEvent last, bool save)
    {
        incoming.Writer.TryComplete();
        await writing;
        var rest = Numbered(last).ToList();
        hold.Session.Revision = await log.UntilWrittenAsync(
            "the end of a turn",
            time,
            stop => database.ChangeAsync(
                async transaction =>
                {
                    await hold.ThrowIfLostAsync(transaction);
                    await TurnLog.WriteAsync(transaction, hold.Session.Name, rest);
                    await TurnLog.EndAsync(transaction, hold.Session.Name, turn);
                    return save ? await hold.SaveAsync(transaction) : 0;
                },
                stop),
            end);
        signals.Signal(hold.Session.Name);
    }

    public async ValueTask DisposeAsync()
    {
        incoming.Writer.TryComplete();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task WriteAllAsync()
    {
        var told = 0L;
        while (await incoming.Reader.WaitToReadAsync(end))
        {
            var events = new List<ChatEvent>();
            AgentProgress? progress = null;
            while (incoming.Reader.TryRead(out var next))
                if (next.Progress is { } now)
                    progress = now;
                else
                    events.AddRange(Numbered(next));
            if (events.Count == 0 && (progress is null || (time.GetElapsedTime(told) < ProgressInterval && progress.Part < 1)))
                continue;
            await log.UntilWrittenAsync(
                "the events of a turn",
                time,
                stop => database.ChangeAsync(
                    async transaction =>
                    {
                        await hold.ThrowIfLostAsync(transaction);
                        await TurnLog.WriteAsync(transaction, hold.Session.Name, events);
                        if (progress is not null)
                            await TurnLog.WriteProgressAsync(transaction, hold.Session.Name, turn, progress);
                        return true;
                    },
                    stop),
                end);
            told = time.GetTimestamp();
            signals.Signal(hold.Session.Name);
        }
    }

    /// <summary>The events to write for one that has happened: none if it was written before.</summary>
    IEnumerable<ChatEvent> Numbered(ChatEvent happened)
    {
        happened.Turn = turn;
        if (earlier.TryPeek(out var before))
        {
            repeated.Add(happened);
            if (IsSame(before, happened))
            {
                earlier.Dequeue();
                return [];
            }
            // The answer is another one this time: say so, and tell all of it.
            earlier.Clear();
            return [.. repeated.Prepend(new ChatEvent { Text = BeginsAgain, Turn = turn }).Select(WithNumber)];
        }
        return [WithNumber(happened)];
    }

    ChatEvent WithNumber(ChatEvent happened) => new(happened) { Number = ++number };

    static bool IsSame(ChatEvent before, ChatEvent happened) => new ChatEvent(before) { Number = 0 }.Equals(happened);
}
