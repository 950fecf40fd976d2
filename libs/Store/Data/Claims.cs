using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Store.Settings;

namespace Rewas.Store.Data;

/// <summary>
/// Lets one replica at a time work on a thing: a session, a render. The holder shows a sign of life by counting up its beat. Another
/// replica takes the thing over when it has seen the same beat for <see cref="StoreOptions.TakeOverAfter"/> by its own steady counter, so
/// the clocks of two machines are never compared.
/// </summary>
public sealed class Claims(StoreDatabase database, IOptions<StoreOptions> configured, TimeProvider time, ILogger<Claims> log)
{
    readonly StoreOptions options = configured.Value;
    readonly ConcurrentDictionary<string, Sighting> seen = new(StringComparer.Ordinal);

    /// <summary>Waits until the thing is free, then holds it.</summary>
    public async Task<Claim> TakeAsync(string thing, CancellationToken cancellation)
    {
        while (true)
        {
            if (await TryTakeAsync(thing, cancellation) is { } claim)
                return claim;
            await Task.Delay(options.PollInterval, time, cancellation);
        }
    }

    /// <summary>Holds the thing; null while another holder shows signs of life.</summary>
    public async Task<Claim?> TryTakeAsync(string thing, CancellationToken cancellation)
    {
        var holder = Guid.NewGuid().ToString("n");
        var stale = StaleHolder(thing);
        var taken = await database.ExecuteAsync(
            """
            INSERT INTO rewas_claims (thing, holder, beat) VALUES (@thing, @holder, 0)
            ON CONFLICT (thing) DO UPDATE SET holder = excluded.holder, beat = 0
            WHERE rewas_claims.holder = @staleHolder AND rewas_claims.beat = @staleBeat
            """,
            new { thing, holder, staleHolder = stale?.Holder ?? "", staleBeat = stale?.Beat ?? 0 },
            cancellation);
        if (taken == 1)
        {
            seen.TryRemove(thing, out _);
            return new(this, thing, holder);
        }
        var rows = await database.QueryAsync<(string Holder, long Beat)>(
            "SELECT holder, beat FROM rewas_claims WHERE thing = @thing", new { thing }, cancellation);
        if (rows.Count == 0)
            seen.TryRemove(thing, out _);
        else
            seen[thing] = seen.TryGetValue(thing, out var before) && (before.Holder, before.Beat) == rows[0] && IsWatched(before)
                ? before with { Last = time.GetTimestamp() }
                : new(rows[0].Holder, rows[0].Beat, time.GetTimestamp(), time.GetTimestamp());
        return null;
    }

    /// <summary>Forgets what was seen of a thing that this process does not wait for any more.</summary>
    public void Forget(string thing) => seen.TryRemove(thing, out _);

    Sighting? StaleHolder(string thing) =>
        seen.TryGetValue(thing, out var sighting) && IsWatched(sighting)
            && time.GetElapsedTime(sighting.First) >= options.TakeOverAfter ? sighting : null;

    /// <summary>
    /// Whether the looks came often enough. After a gap, in which the database was away or this process was frozen, the holder may not have
    /// been able to show a sign of life either, so the watch begins anew.
    /// </summary>
    bool IsWatched(Sighting sighting) => time.GetElapsedTime(sighting.Last) <= options.TakeOverAfter / 2;

    /// <param name="First">Timestamp of the first look that saw this beat.</param>
    /// <param name="Last">Timestamp of the last one.</param>
    sealed record Sighting(string Holder, long Beat, long First, long Last);

    /// <summary>Shows signs of life until the claim is disposed, and notices that it was lost.</summary>
    internal async Task BeatAsync(Claim claim, CancellationTokenSource lost, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.TakeOverAfter / 4, time, end);
                try
                {
                    if (await database.ExecuteAsync(
                        "UPDATE rewas_claims SET beat = beat + 1 WHERE thing = @thing AND holder = @holder",
                        new { thing = claim.Thing, holder = claim.Holder },
                        end) == 1)
                        continue;
                    await lost.CancelAsync();
                    return;
                }
                catch (DbException failure)
                {
                    log.BeatFailed(failure, claim.Thing);                     // the next beat tries again
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Frees the thing. If the database is away, the claim goes stale instead.</summary>
    internal async Task ReleaseAsync(Claim claim)
    {
        try
        {
            await database.ExecuteAsync(
                "DELETE FROM rewas_claims WHERE thing = @thing AND holder = @holder",
                new { thing = claim.Thing, holder = claim.Holder },
                CancellationToken.None);
        }
        catch (DbException failure)
        {
            log.BeatFailed(failure, claim.Thing);
        }
    }
}

/// <summary>The right to work on a thing until it is disposed or lost.</summary>
public sealed class Claim : IAsyncDisposable
{
    readonly Claims owner;
    readonly CancellationTokenSource lost = new(), end = new();
    readonly Task beating;
    bool isDisposed;

    internal Claim(Claims owner, string thing, string holder)
    {
        (this.owner, Thing, Holder) = (owner, thing, holder);
        beating = owner.BeatAsync(this, lost, end.Token);
    }

    public string Thing { get; }

    public string Holder { get; }

    /// <summary>Cancelled when another replica has taken the thing over.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Lets a change happen only while this claim holds. The row stays locked until the transaction ends.</summary>
    /// <exception cref="ClaimLostException">Another replica has taken the thing over.</exception>
    public async Task ThrowIfLostAsync(DbTransaction transaction)
    {
        if (await transaction.Connection!.ExecuteAsync(
            "UPDATE rewas_claims SET beat = beat + 1 WHERE thing = @thing AND holder = @holder",
            new { thing = Thing, holder = Holder },
            transaction) != 1)
            throw new ClaimLostException();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
            return;
        await end.CancelAsync();
        await beating;
        await owner.ReleaseAsync(this);
        end.Dispose();
        lost.Dispose();
    }
}

/// <summary>Another replica goes on with the work, so this one must stop.</summary>
public sealed class ClaimLostException : Exception;
