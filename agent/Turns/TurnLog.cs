using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Agent.Settings;
using Rewas.Clip.Faults;
using Rewas.Store.Data;
using Rewas.V1;

namespace Rewas.Agent.Turns;

/// <summary>The turns of the sessions and their numbered events, in the database.</summary>
public sealed class TurnLog(StoreDatabase database, IOptions<AgentOptions> options)
{
    /// <summary>Most events that are read at a time.</summary>
    const int AtATime = 500;

    const string Columns = "session, turn, words, state, attempts, progress";

    /// <summary>Adds a turn, or finds the one that was added before.</summary>
    /// <param name="number">The caller's number; 0 for the next one.</param>
    /// <returns>The number of the turn.</returns>
    /// <exception cref="InputFault">
    /// Invalid: the number is not the next one, or belongs to other words. Exhausted: too many wait.
    /// </exception>
    internal Task<long> SubmitAsync(string session, long number, string words, CancellationToken cancel) => database.ChangeAsync(
        async transaction =>
        {
            await database.LockAsync(transaction, $"turns {session}");
            var connection = transaction.Connection!;
            var last = await connection.ExecuteScalarAsync<long>(
                "SELECT COALESCE(MAX(turn), 0) FROM rewas_turns WHERE session = @session", new { session }, transaction);
            if (number < 0 || number > last + 1)
                throw InputFault.Invalid("turn", $"must be from 0 to {last + 1}, but is {number}");
            if (number > 0 && number <= last)
            {
                var known = await connection.ExecuteScalarAsync<string>(
                    "SELECT words FROM rewas_turns WHERE session = @session AND turn = @number", new { session, number }, transaction);
                return known == words
                    ? number
                    : throw InputFault.Invalid("turn", $"{number} was another text; the next turn is {last + 1}");
            }
            var waiting = await connection.ExecuteScalarAsync<long>(
                "SELECT COUNT(*) FROM rewas_turns WHERE session = @session AND state <> @ended",
                new { session, ended = (long)TurnState.Ended },
                transaction);
            if (waiting > options.Value.MaxWaitingTurns)
                throw InputFault.Exhausted("turn", $"at most {options.Value.MaxWaitingTurns} turns may wait (MaxWaitingTurns)");
            await connection.ExecuteAsync(
                $"INSERT INTO rewas_turns ({Columns}) VALUES (@session, @turn, @words, @state, 0, @progress)",
                new { session, turn = last + 1, words, state = (long)TurnState.Open, progress = Array.Empty<byte>() },
                transaction);
            return last + 1;
        },
        cancel);

    /// <summary>Stops every turn that has not ended.</summary>
    public Task StopAsync(string session, CancellationToken cancel) => database.ExecuteAsync(
        "UPDATE rewas_turns SET state = @stopping WHERE session = @session AND state = @open",
        new { session, stopping = (long)TurnState.Stopping, open = (long)TurnState.Open },
        cancel);

    /// <summary>The first turn that has not ended; null for none.</summary>
    internal async Task<TurnRow?> NextAsync(string session, CancellationToken cancel)
    {
        var rows = await database.QueryAsync<TurnRow>(
            $"SELECT {Columns} FROM rewas_turns WHERE session = @session AND state <> @ended ORDER BY turn LIMIT 1",
            new { session, ended = (long)TurnState.Ended },
            cancel);
        return rows.Count > 0 ? rows[0] : null;
    }

    internal async Task<TurnRow?> FindAsync(string session, long turn, CancellationToken cancel)
    {
        var rows = await database.QueryAsync<TurnRow>(
            $"SELECT {Columns} FROM rewas_turns WHERE session = @session AND turn = @turn", new { session, turn }, cancel);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Counts an attempt to answer a turn before it begins, so that one that ends its process counts too.</summary>
    /// <param name="attempts">1, or -1 for an attempt that was handed back in order.</param>
    public Task CountAsync(string session, long turn, int attempts, CancellationToken cancel) => database.ExecuteAsync(
        "UPDATE rewas_turns SET attempts = attempts + @attempts WHERE session = @session AND turn = @turn",
        new { session, turn, attempts },
        cancel);

    /// <summary>Sessions with turns that have not ended.</summary>
    public Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancel) => database.QueryAsync<string>(
        "SELECT DISTINCT session FROM rewas_turns WHERE state <> @ended", new { ended = (long)TurnState.Ended }, cancel);

    /// <summary>Number of the session's last event; 0 for none.</summary>
    public async Task<long> LastEventAsync(string session, CancellationToken cancel) => (await database.QueryAsync<long>(
        "SELECT COALESCE(MAX(event), 0) FROM rewas_events WHERE session = @session", new { session }, cancel))[0];

    /// <summary>The events after a number, in order; at most some hundreds.</summary>
    public async Task<IReadOnlyList<ChatEvent>> ReadAsync(string session, long after, CancellationToken cancel) => Parsed(
        await database.QueryAsync<byte[]>(
            "SELECT message FROM rewas_events WHERE session = @session AND event > @after ORDER BY event LIMIT @most",
            new { session, after, most = AtATime },
            cancel));

    /// <summary>All events that a turn has, from an attempt that broke off.</summary>
    public async Task<IReadOnlyList<ChatEvent>> OfTurnAsync(string session, long turn, CancellationToken cancel) => Parsed(
        await database.QueryAsync<byte[]>(
            "SELECT message FROM rewas_events WHERE session = @session AND turn = @turn ORDER BY event", new { session, turn }, cancel));

    /// <summary>Writes numbered events. Writing the same ones again changes nothing.</summary>
    public static Task WriteAsync(DbTransaction transaction, string session, IEnumerable<ChatEvent> events) =>
        transaction.Connection!.ExecuteAsync(
            "INSERT INTO rewas_events (session, event, turn, message) VALUES (@session, @number, @turn, @message) ON CONFLICT DO NOTHING",
            events.Select(one => new { session, number = one.Number, turn = (long)one.Turn, message = one.ToByteArray() }).ToList(),
            transaction);

    /// <summary>Replaces the progress of a turn.</summary>
    public static Task WriteProgressAsync(DbTransaction transaction, string session, long turn, AgentProgress progress) =>
        transaction.Connection!.ExecuteAsync(
            "UPDATE rewas_turns SET progress = @progress WHERE session = @session AND turn = @turn",
            new { session, turn, progress = progress.ToByteArray() },
            transaction);

    /// <summary>Ends a turn.</summary>
    public static Task EndAsync(DbTransaction transaction, string session, long turn) => transaction.Connection!.ExecuteAsync(
        "UPDATE rewas_turns SET state = @ended, progress = @progress WHERE session = @session AND turn = @turn",
        new { session, turn, ended = (long)TurnState.Ended, progress = Array.Empty<byte>() },
        transaction);

    static IReadOnlyList<ChatEvent> Parsed(IEnumerable<byte[]> messages) => [.. messages.Select(ChatEvent.Parser.ParseFrom)];
}
