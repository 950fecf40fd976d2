using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Jobs.Settings;
using Rewas.Store.Data;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>The jobs as callers see and change them. A caller sees no jobs of others.</summary>
public sealed class JobTable(StoreDatabase database, IOptions<JobsOptions> configured, StoreClock clock)
{
    static readonly TimeSpan LongestReservation = TimeSpan.FromHours(1);

    const int MostKeyCharacters = 128, MostNameCharacters = 255;

    const string NotEnded = "ended = 0";

    readonly JobsOptions options = configured.Value;

    long Now => clock.Milliseconds;

    /// <summary>Opens a job that waits for its items, or returns the job that the same start opened before.</summary>
    /// <exception cref="InputFault">The start is invalid, its key belongs to another start, or a quota is used up.</exception>
    public Task<JobRow> OpenAsync(string caller, SubmitStart start, CancellationToken cancellation)
    {
        if (start.IdempotencyKey.Length is 0 or > MostKeyCharacters)
            throw InputFault.Invalid(
                "idempotency_key", $"must have 1 to {MostKeyCharacters} characters, but has {start.IdempotencyKey.Length}");
        if (start.Items < 1)
            throw InputFault.Invalid("items", $"must be at least 1, but is {start.Items}");
        if (start.Items > options.MaxItemsPerJob)
            throw InputFault.Exhausted("items", $"must be at most {options.MaxItemsPerJob} (MaxItemsPerJob), but is {start.Items}");
        ThrowUnlessName(start.Name);
        var hash = Convert.ToHexStringLower(SHA256.HashData(start.ToByteArray()));
        return database.ChangeAsync(
            async transaction =>
            {
                await database.LockAsync(transaction, caller);
                var connection = transaction.Connection!;
                var known = await connection.QuerySingleOrDefaultAsync<JobRow>(
                    $"SELECT {JobRow.Columns} FROM rewas_jobs j WHERE j.caller = @caller AND j.idempotency_key = @key",
                    new { caller, key = start.IdempotencyKey },
                    transaction);
                if (known is not null)
                    return known.RequestSha256 == hash
                        ? known
                        : throw InputFault.Invalid("idempotency_key", $"'{start.IdempotencyKey}' was used for another job");
                await ThrowUnlessWithinQuotasAsync(transaction, caller, start.Items);
                var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                await connection.ExecuteAsync(
                    """
                    INSERT INTO rewas_jobs (id, caller, idempotency_key, request_sha256, name, state, items, revision, run, created,
                        touched, ended)
                    VALUES (@id, @caller, @key, @hash, @name, @state, @items, 1, 0, @now, @now, 0)
                    """,
                    new
                    {
                        id,
                        caller,
                        key = start.IdempotencyKey,
                        hash,
                        name = start.Name,
                        state = (long)JobState.Submitting,
                        items = (long)start.Items,
                        now = Now,
                    },
                    transaction);
                return await FindAsync(transaction.Connection!, transaction, caller, id);
            },
            cancellation);
    }

    /// <summary>Adds the next item to a job that is being submitted.</summary>
    /// <param name="number">Index of the item, from 0.</param>
    /// <param name="video">Key of the video's file, or empty.</param>
    /// <param name="videoBytes">Length of the file, or 0.</param>
    /// <exception cref="InputFault">Precondition: another call added the item, or the job was cancelled.</exception>
    public Task AddItemAsync(JobRow job, long number, JobItem item, string video, long videoBytes, CancellationToken cancellation) =>
        database.ChangeAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var revision = await connection.ExecuteScalarAsync<long?>(
                "UPDATE rewas_jobs SET revision = revision + 1, touched = @now WHERE id = @id AND state = @state RETURNING revision",
                new { id = job.Id, state = (long)JobState.Submitting, now = Now },
                transaction) ?? throw InputFault.Precondition("job", "is not being submitted any more: it was cancelled, or "
                    + "another call has submitted it");
            var added = await connection.ExecuteAsync(
                """
                INSERT INTO rewas_items (job, item, name, request, video, video_bytes, state, attempts, not_before, windows_done, windows,
                    step, steps, error, result, result_bytes, found, revision)
                VALUES (@job, @number, @name, @request, @video, @videoBytes, @state, 0, 0, 0, 0, 0, 0, '', '', 0, 0, @revision)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    job = job.Id,
                    number,
                    name = item.Name,
                    request = item.ToByteArray(),
                    video,
                    videoBytes,
                    state = (long)ItemState.Queued,
                    revision,
                },
                transaction);
            return added == 1
                ? added
                : throw InputFault.Precondition("items", $"number {number} was submitted by another call at the same time");
        },
        cancellation);

    /// <summary>Ends the submission. Work on the job may begin.</summary>
    public Task<JobRow> SubmittedAsync(JobRow job, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                "UPDATE rewas_jobs SET state = @queued, revision = revision + 1, touched = @now WHERE id = @id AND state = @submitting",
                new { id = job.Id, queued = (long)JobState.Queued, submitting = (long)JobState.Submitting, now = Now },
                transaction);
            return await FindAsync(transaction.Connection!, transaction, job.Caller, job.Id);
        },
        cancellation);

    /// <exception cref="InputFault">NotFound: the caller has no such job.</exception>
    public async Task<JobRow> FindAsync(string caller, string id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await FindAsync(connection, null, caller, id);
    }

    /// <summary>One page of a caller's jobs, the newest first, and where the next page begins.</summary>
    public async Task<(IReadOnlyList<JobRow> Jobs, string Next)> ListAsync(
        string caller, int size, string page, CancellationToken cancellation)
    {
        var (before, beforeId) = Place(page);
        await using var connection = await database.OpenAsync(cancellation);
        var jobs = (await connection.QueryAsync<JobRow>(
            $"""
            SELECT {JobRow.Columns} FROM rewas_jobs j
            WHERE j.caller = @caller AND (j.created < @before OR (j.created = @before AND j.id < @beforeId))
            ORDER BY j.created DESC, j.id DESC LIMIT @count
            """,
            new { caller, before, beforeId, count = size + 1 })).AsList();
        return jobs.Count <= size
            ? (jobs, "")
            : (jobs[..size], FormattableString.Invariant($"{jobs[size - 1].Created}-{jobs[size - 1].Id}"));
    }

    /// <summary>Ends a job and its unfinished items. Running work notices this by itself.</summary>
    /// <exception cref="InputFault">NotFound: the caller has no such job.</exception>
    public Task<JobRow> CancelAsync(string caller, string id, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await FindAsync(transaction.Connection!, transaction, caller, id);
            var revision = await transaction.Connection!.ExecuteScalarAsync<long?>(
                $"UPDATE rewas_jobs SET state = @cancelled, ended = @now, revision = revision + 1 WHERE id "
                + $"= @id AND {NotEnded} RETURNING revision",
                new { id, cancelled = (long)JobState.Cancelled, now = Now },
                transaction);
            if (revision is not null)
            {
                await transaction.Connection!.ExecuteAsync(
                    "UPDATE rewas_items SET state = @cancelled, revision = @revision WHERE job = @id AND state IN (@queued, @running)",
                    new
                    {
                        id,
                        cancelled = (long)ItemState.Cancelled,
                        revision,
                        queued = (long)ItemState.Queued,
                        running = (long)ItemState.Running,
                    },
                    transaction);
                await transaction.Connection!.ExecuteAsync(
                    "UPDATE rewas_executions SET outcome = 'cancelled', ended = @now WHERE job = @id AND outcome = ''",
                    new { id, now = Now },
                    transaction);
            }
            return await FindAsync(transaction.Connection!, transaction, caller, id);
        },
        cancellation);

    /// <summary>The items of a job that changed after a revision, in the order of their changes.</summary>
    /// <param name="after">Revision of the last known item.</param>
    /// <param name="afterItem">Index of that item, because items can share a revision.</param>
    /// <param name="most">Most items to return.</param>
    public async Task<IReadOnlyList<ItemRow>> ChangesAsync(JobRow job, long after, long afterItem, int most, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return (await connection.QueryAsync<ItemRow>(
            $"""
            SELECT {ItemRow.Columns} FROM {ItemRow.Tables}
            WHERE i.job = @job AND (i.revision > @after OR (i.revision = @after AND i.item > @afterItem))
            ORDER BY i.revision, i.item LIMIT @most
            """,
            new { job = job.Id, after, afterItem, most })).AsList();
    }

    /// <exception cref="InputFault">NotFound: the job has no such item.</exception>
    public async Task<ItemRow> ItemAsync(JobRow job, int item, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<ItemRow>(
            $"SELECT {ItemRow.Columns} FROM {ItemRow.Tables} WHERE i.job = @job AND i.item = @item",
            new { job = job.Id, item = (long)item })
            ?? throw InputFault.NotFound("item", $"must be from 0 to {job.Items - 1}, but is {item}");
    }

    /// <summary>The sidecar of an item's file, JSON. Empty if an earlier release made the file.</summary>
    public async Task<string> SidecarAsync(ItemRow item, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.ExecuteScalarAsync<string>(
            "SELECT sidecar FROM rewas_results WHERE file = @file", new { file = item.File }) ?? "";
    }

    /// <summary>
    /// Reserves bytes of a caller's quota before they are written. Calls at the same time see each other's reservations. A reservation of
    /// a process that was killed ends by itself.
    /// </summary>
    /// <returns>The reservation. Give it back with <see cref="ReleaseAsync"/> when the bytes are noted, or are not needed.</returns>
    /// <exception cref="InputFault">Exhausted: with these bytes, the caller's videos, requests and results exceed the quota.</exception>
    public Task<string> ReserveAsync(string caller, long bytes, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            await database.LockAsync(transaction, $"bytes {caller}");
            var connection = transaction.Connection!;
            var kept = await connection.ExecuteScalarAsync<long>(
                "SELECT CAST(COALESCE(SUM(i.video_bytes + LENGTH(i.request) + i.result_bytes), 0) AS BIGINT) FROM rewas_items i JOIN "
                + "rewas_jobs j ON j.id = i.job WHERE j.caller = @caller",
                new { caller },
                transaction);
            var reserved = await connection.ExecuteScalarAsync<long>(
                "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM rewas_reservations WHERE caller = @caller AND ends > @now",
                new { caller, now = Now },
                transaction);
            if (kept + reserved + bytes > options.MaxBytesPerCaller)
                throw InputFault.Exhausted(
                    "bytes",
                    $"of a caller's videos, requests and results must be at most {options.MaxBytesPerCaller} (MaxBytesPerCaller), "
                    + $"but would be {kept + reserved + bytes}");
            var id = Guid.NewGuid().ToString("n");
            await connection.ExecuteAsync(
                "INSERT INTO rewas_reservations (id, caller, bytes, ends) VALUES (@id, @caller, @bytes, @ends)",
                new { id, caller, bytes, ends = Now + (long)LongestReservation.TotalMilliseconds },
                transaction);
            return id;
        },
        cancellation);

    /// <summary>Gives a reservation back. If the database is away, it ends by itself.</summary>
    public async Task ReleaseAsync(string reservation)
    {
        try
        {
            await database.ExecuteAsync(
                "DELETE FROM rewas_reservations WHERE id = @reservation", new { reservation }, CancellationToken.None);
        }
        catch (DbException)
        {
        }
    }

    public static void ThrowUnlessName(string name)
    {
        if (name.Length > MostNameCharacters)
            throw InputFault.Invalid("name", $"must have at most {MostNameCharacters} characters, but has {name.Length}");
        if (name.Any(char.IsControl))
            throw InputFault.Invalid("name", "must not have control characters");
    }

    async Task ThrowUnlessWithinQuotasAsync(DbTransaction transaction, string caller, long items)
    {
        var jobs = await transaction.Connection!.ExecuteScalarAsync<long>(
            $"SELECT COUNT(*) FROM rewas_jobs WHERE caller = @caller AND {NotEnded}", new { caller }, transaction);
        if (jobs >= options.MaxJobsPerCaller)
            throw new InputFault(
                FaultKind.Exhausted,
                "jobs",
                $"at most {options.MaxJobsPerCaller} of a caller may be under way (MaxJobsPerCaller)")
            {
                RetryAfter =
                    TimeSpan.FromMinutes(1)
            };
        var kept = await transaction.Connection!.ExecuteScalarAsync<long>(
            "SELECT CAST(COALESCE(SUM(items), 0) AS BIGINT) FROM rewas_jobs WHERE caller = @caller", new { caller }, transaction);
        if (kept + items > options.MaxItemsPerCaller)
            throw InputFault.Exhausted(
                "items",
                $"of all jobs of a caller that are kept must be at most {options.MaxItemsPerCaller} (MaxItemsPerCaller), "
                + $"but would be {kept + items}");
    }

    static async Task<JobRow> FindAsync(DbConnection connection, DbTransaction? transaction, string caller, string id) =>
        await connection.QuerySingleOrDefaultAsync<JobRow>(
            $"SELECT {JobRow.Columns} FROM rewas_jobs j WHERE j.id = @id AND j.caller = @caller", new { id, caller }, transaction)
        ?? throw InputFault.NotFound("job_id", $"'{id}' does not exist, or has expired");

    static (long Before, string BeforeId) Place(string page)
    {
        if (page.Length == 0)
            return (long.MaxValue, "");
        var parts = page.Split('-');
        return parts is [var created, var id] && long.TryParse(created, System.Globalization.CultureInfo.InvariantCulture, out var before)
            ? (before, id)
            : throw InputFault.Invalid("page", "must be next_page of the answer before");
    }
}
