using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.Store.Leases;

/// <summary>
/// Leases in the database, so that any replica finds them. Every use renews a lease. What belongs to a lease is deleted with it.
/// </summary>
public sealed class LeaseTable(StoreDatabase database, StoreClock clock)
{
    const int MostKeyCharacters = 128;

    const string Columns = LeaseRow.Columns;

    /// <summary>Creates a lease, or finds the one that the same request of this caller created before.</summary>
    /// <param name="lease">The new row. Its id, times and revision are set here.</param>
    /// <param name="check">Throws if a quota is used up.</param>
    /// <param name="also">What else is made in the same transaction, if the lease is new.</param>
    /// <param name="parentField">Names the parent in a fault; null for the first word of the kind.</param>
    /// <exception cref="InputFault">
    /// Invalid: the key belongs to another request. NotFound: the parent does not exist, or has ended.
    /// </exception>
    public Task<LeaseRow> CreateAsync(
        LeaseRow lease, TimeSpan lifetime, Func<LeaseCounts, Task> check, CancellationToken cancellation,
        Func<DbTransaction, LeaseRow, Task>? also = null, string? parentField = null) => database.ChangeAsync(
            async transaction =>
            {
                await database.LockAsync(transaction, LockOf(lease.Kind));
                var connection = transaction.Connection!;
                var now = clock.Milliseconds;
                if (lease.IdempotencyKey.Length > 0)
                {
                    await DeleteEndedOfKeyAsync(transaction, lease, now);
                    var known = await connection.QuerySingleOrDefaultAsync<LeaseRow>(
                        "UPDATE rewas_leases SET ends = CASE WHEN ends > @ends THEN ends ELSE @ends END "
                        + "WHERE kind = @Kind AND caller = @Caller "
                        + $"AND idempotency_key = @Key RETURNING {Columns}",
                        new { lease.Kind, lease.Caller, Key = lease.IdempotencyKey, ends = now + Milliseconds(lifetime) },
                        transaction);
                    if (known is not null)
                        return known.RequestSha256 == lease.RequestSha256
                            ? known
                            : throw InputFault.Invalid("idempotency_key", $"'{lease.IdempotencyKey}' was used for another request");
                }
                if (lease.Parent.Length > 0 && !await LockAsync(transaction, lease.Parent, now))
                    throw InputFault.NotFound(
                        parentField ?? FirstWordOf(lease.Kind), $"'{lease.Parent}' does not exist, or its lease has ended");
                await check(new(transaction, lease.Caller, now));
                var row = lease with { Id = NewId(), Revision = 1, Created = now, Ends = now + Milliseconds(lifetime) };
                await connection.ExecuteAsync(
                    $"INSERT INTO rewas_leases ({Columns}) VALUES (@Id, @Kind, @Caller, @IdempotencyKey, @RequestSha256, @Parent, @Bytes, "
                    + "@State, @Document, @Progress, @Revision, @Created, @Ends, @Attempts)",
                    row,
                    transaction);
                if (also is not null)
                    await also(transaction, row);
                return row;
            },
            cancellation);

    /// <summary>Checks a key that a caller has chosen.</summary>
    /// <exception cref="InputFault">Invalid: it is empty or too long.</exception>
    public static string Checked(string field, string key) => key.Length is > 0 and <= MostKeyCharacters
        ? key
        : throw InputFault.Invalid(field, $"must have 1 to {MostKeyCharacters} characters, but has {key.Length}");

    public static string HashOf(IMessage request) => Convert.ToHexStringLower(SHA256.HashData(request.ToByteArray()));

    /// <summary>Finds a lease and renews it; null if the caller has none of that id, or it has ended.</summary>
    public async Task<LeaseRow?> FindAsync(string kind, string id, string caller, TimeSpan lifetime, CancellationToken cancellation)
    {
        var now = clock.Milliseconds;
        return (await database.QueryAsync<LeaseRow>(
            $"UPDATE rewas_leases SET ends = CASE WHEN ends > @ends THEN ends ELSE @ends END "
            + $"WHERE id = @id AND kind = @kind AND caller = @caller AND ends > @now RETURNING {Columns}",
            new { id, kind, caller, now, ends = now + Milliseconds(lifetime) },
            cancellation)).SingleOrDefault();
    }

    /// <summary>Reads a lease without renewing it.</summary>
    public async Task<LeaseRow?> ReadAsync(string id, CancellationToken cancellation) => (await database.QueryAsync<LeaseRow>(
        $"SELECT {Columns} FROM rewas_leases WHERE id = @id", new { id }, cancellation)).SingleOrDefault();

    /// <summary>The leases of a kind and state, oldest first.</summary>
    public Task<IReadOnlyList<LeaseRow>> ListAsync(string kind, long state, CancellationToken cancellation) =>
        database.QueryAsync<LeaseRow>(
            $"SELECT {Columns} FROM rewas_leases WHERE kind = @kind AND state = @state ORDER BY created",
            new { kind, state },
            cancellation);

    public Task<IReadOnlyList<LeaseRow>> ChildrenAsync(string parent, CancellationToken cancellation) => database.QueryAsync<LeaseRow>(
        $"SELECT {Columns} FROM rewas_leases WHERE parent = @parent ORDER BY created", new { parent }, cancellation);

    /// <summary>Keeps a lease that is in use.</summary>
    public Task RenewAsync(string id, TimeSpan lifetime, CancellationToken cancellation) => database.ExecuteAsync(
        "UPDATE rewas_leases SET ends = CASE WHEN ends > @ends THEN ends ELSE @ends END WHERE id = @id",
        new { id, ends = clock.Milliseconds + Milliseconds(lifetime) },
        cancellation);

    /// <summary>Replaces the document and the state, in a transaction of the caller.</summary>
    /// <returns>The new revision; null if the lease is gone.</returns>
    public static Task<long?> WriteAsync(DbTransaction transaction, string id, long state, byte[] document) =>
        transaction.Connection!.ExecuteScalarAsync<long?>(
            "UPDATE rewas_leases SET state = @state, document = @document, revision = revision + 1 WHERE id = @id RETURNING revision",
            new { id, state, document },
            transaction);

    /// <summary>Replaces the progress and the state, in a transaction of the caller.</summary>
    /// <param name="from">The state that the lease must have; null for any.</param>
    /// <returns>False if the lease is gone, or has another state.</returns>
    public static async Task<bool> WriteProgressAsync(
        DbTransaction transaction, string id, long state, byte[] progress, long? from = null) =>
        await transaction.Connection!.ExecuteAsync(
            "UPDATE rewas_leases SET state = @state, progress = @progress, revision = revision + 1 WHERE id = @id"
            + (from is null ? "" : " AND state = @from"),
            new { id, state, progress, from },
            transaction) == 1;

    /// <summary>Counts an attempt at the work of a lease before it begins, so that one that ends its process counts too.</summary>
    /// <param name="attempts">1, or -1 for an attempt that was handed back in order.</param>
    public Task CountAsync(string id, int attempts, CancellationToken cancellation) => database.ExecuteAsync(
        "UPDATE rewas_leases SET attempts = attempts + @attempts WHERE id = @id", new { id, attempts }, cancellation);

    /// <summary>Sets the reserved bytes of a lease.</summary>
    public Task SetBytesAsync(string id, long bytes, CancellationToken cancellation) => database.ExecuteAsync(
        "UPDATE rewas_leases SET bytes = @bytes WHERE id = @id AND bytes <> @bytes", new { id, bytes }, cancellation);

    /// <summary>Changes the reserved bytes of a lease.</summary>
    /// <param name="more">Negative to give bytes back.</param>
    /// <param name="check">Throws if a quota is used up. It sees the totals without the change.</param>
    public Task ReserveAsync(
        LeaseRow lease, long more, Func<LeaseCounts, Task> check, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await database.LockAsync(transaction, LockOf(lease.Kind));
            if (more > 0)
                await check(new(transaction, lease.Caller, clock.Milliseconds));
            return await transaction.Connection!.ExecuteAsync(
                "UPDATE rewas_leases SET bytes = CASE WHEN bytes + @more > 0 THEN bytes + @more ELSE 0 END WHERE id = @id",
                new { id = lease.Id, more },
                transaction);
        },
        cancellation);

    /// <summary>Deletes a lease with all that belongs to it. The next sweep of the files deletes its files.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await DeleteAsync(transaction, [id]);
            return true;
        },
        cancellation);

    /// <summary>Deletes the leases of a kind that have ended. What is in use is renewed meanwhile, so it has not ended.</summary>
    /// <returns>Their ids.</returns>
    public Task<IReadOnlyList<string>> SweepAsync(string kind, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await database.LockAsync(transaction, LockOf(kind));
            var ended = (await transaction.Connection!.QueryAsync<string>(
                "SELECT id FROM rewas_leases WHERE kind = @kind AND ends <= @now",
                new { kind, now = clock.Milliseconds },
                transaction)).AsList();
            await DeleteAsync(transaction, ended);
            return (IReadOnlyList<string>)ended;
        },
        cancellation);

    /// <summary>Deletes leases whose parent is gone.</summary>
    public async Task SweepOrphansAsync(CancellationToken cancellation)
    {
        // Read first: mostly there are none, and a transaction would stop other writers of a SQLite file.
        var orphans = await database.QueryAsync<string>(
            "SELECT id FROM rewas_leases l WHERE parent > '' AND NOT EXISTS (SELECT 1 FROM rewas_leases p WHERE p.id = l.parent)",
            new { },
            cancellation);
        if (orphans.Count == 0)
            return;
        await database.ChangeAsync(
            async transaction =>
            {
                await DeleteAsync(transaction, orphans);
                return true;
            },
            cancellation);
    }

    /// <summary>
    /// Deletes leases with all that belongs to them, in a transaction of the caller. First goes the claim, which a worker locks before the
    /// lease, then the lease itself. Whoever adds something to a lease locks it before, so all that was added is seen afterwards.
    /// </summary>
    public static async Task DeleteAsync(DbTransaction transaction, IEnumerable<string> ids)
    {
        var connection = transaction.Connection!;
        foreach (var id in ids)
        {
            foreach (var rows in (string[])["rewas_claims WHERE thing LIKE '%' || @id", "rewas_leases WHERE id = @id"])
                await connection.ExecuteAsync($"DELETE FROM {rows}", new { id }, transaction);
            var children = await connection.QueryAsync<string>("SELECT id FROM rewas_leases WHERE parent = @id", new { id }, transaction);
            await DeleteAsync(transaction, children);
            foreach (var rows in (string[])[
                "rewas_events WHERE session", "rewas_turns WHERE session", "rewas_parts WHERE owner", "rewas_projects WHERE id",
                "rewas_project_holds WHERE project", "rewas_project_shares WHERE project"])
                await connection.ExecuteAsync($"DELETE FROM {rows} = @id", new { id }, transaction);
        }
    }

    /// <summary>Locks a lease until the transaction ends. Whoever wants to delete it waits for that.</summary>
    /// <param name="now">It must end later; 0 for any that exists.</param>
    /// <returns>False if it is gone or has ended.</returns>
    internal static async Task<bool> LockAsync(DbTransaction transaction, string id, long now = 0) =>
        await transaction.Connection!.ExecuteAsync(
            "UPDATE rewas_leases SET ends = ends WHERE id = @id AND ends > @now", new { id, now }, transaction) == 1;

    /// <summary>A key is free again when its lease has ended, even if no sweep came by yet.</summary>
    static async Task DeleteEndedOfKeyAsync(DbTransaction transaction, LeaseRow lease, long now) => await DeleteAsync(
        transaction,
        await transaction.Connection!.QueryAsync<string>(
            "SELECT id FROM rewas_leases WHERE kind = @Kind AND caller = @Caller AND idempotency_key = @IdempotencyKey AND ends <= @now",
            new { lease.Kind, lease.Caller, lease.IdempotencyKey, now },
            transaction));

    /// <summary>Kinds with the same first word share their quotas: "session" and "session-video".</summary>
    static string LockOf(string kind) => $"leases {FirstWordOf(kind)}";

    static string FirstWordOf(string kind) => kind.Split('-')[0];

    static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
