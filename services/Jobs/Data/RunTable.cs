using System.Data.Common;
using Dapper;
using Rewas.Store.Data;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>
/// The jobs as workers see them. Each run of a job has a number. A run may change nothing after a later run has started or the job has
/// ended. So a worker that was frozen, or missed a cancellation, cannot undo later work.
/// </summary>
public sealed class RunTable(StoreDatabase database, StoreClock clock)
{
    long Now => clock.Milliseconds;

    /// <summary>The jobs that have not ended, oldest first.</summary>
    public async Task<IReadOnlyList<OpenJob>> OpenAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return (await connection.QueryAsync<OpenJob>(
            """
            SELECT j.id, j.caller, j.run,
                (SELECT COUNT(*) FROM rewas_items i WHERE i.job = j.id AND i.state = @itemRunning) AS making,
                (SELECT MIN(i.not_before) FROM rewas_items i WHERE i.job = j.id AND i.state = @itemQueued) AS next
            FROM rewas_jobs j WHERE j.state IN (@queued, @running) ORDER BY j.created, j.id
            """,
            new
            {
                queued = (long)JobState.Queued,
                running = (long)JobState.Running,
                itemQueued = (long)ItemState.Queued,
                itemRunning = (long)ItemState.Running,
            })).AsList();
    }

    /// <summary>
    /// Starts a run. Returns its number and the job's owner, or null if the job has ended. Unfinished items of an earlier run wait again.
    /// </summary>
    /// <param name="mostAttempts">An item that was started this often without an end has failed.</param>
    public Task<(long Run, string Caller)?> BeginAsync(string job, int mostAttempts, CancellationToken cancellation) =>
        database.ChangeAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var begun = await connection.QuerySingleOrDefaultAsync<(long Run, long Revision, string Caller)?>(
                "UPDATE rewas_jobs SET run = run + 1, revision = revision + 1, state = @running WHERE id = @job AND state IN (@queued, "
                + "@running) RETURNING run, revision, caller",
                new { job, queued = (long)JobState.Queued, running = (long)JobState.Running },
                transaction);
            if (begun is not var (run, revision, caller))
                return null;
            await LoseItemsAsync(transaction, job, mostAttempts, revision);
            return ((long, string)?)(run, caller);
        },
        cancellation);

    /// <summary>
    /// Notes that the run of a job has ended with its process. Its items wait again, although the job has no place yet. Nothing changes if
    /// another run has begun meanwhile.
    /// </summary>
    /// <param name="mostAttempts">As in <see cref="BeginAsync"/>.</param>
    public Task LoseAsync(OpenJob job, int mostAttempts, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            var revision = await transaction.Connection!.ExecuteScalarAsync<long?>(
                "UPDATE rewas_jobs SET revision = revision + 1 WHERE id = @id AND run = @run AND state = @running RETURNING revision",
                new { id = job.Id, run = job.Run, running = (long)JobState.Running },
                transaction);
            if (revision is { } changed)
                await LoseItemsAsync(transaction, job.Id, mostAttempts, changed);
            return revision;
        },
        cancellation);

    /// <summary>True if this run is the current one.</summary>
    public async Task<bool> CountsAsync(string job, long run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM rewas_jobs WHERE id = @job AND run = @run AND state = @running",
            new { job, run, running = (long)JobState.Running }) == 1;
    }

    /// <summary>Starts the next item that is due; null if there is none.</summary>
    /// <exception cref="SupersededException">This run is not the current one. The methods below throw it too.</exception>
    public Task<ItemRow?> ClaimAsync(string job, long run, CancellationToken cancellation) => ChangeAsync(
        job,
        run,
        async (connection, transaction, revision) =>
        {
            var item = await connection.ExecuteScalarAsync<long?>(
                "SELECT item FROM rewas_items WHERE job = @job AND state = @queued AND not_before <= @now ORDER BY item LIMIT 1",
                new { job, queued = (long)ItemState.Queued, now = Now },
                transaction);
            if (item is null)
                return null;
            await connection.ExecuteAsync(
                """
                UPDATE rewas_items SET state = @running, attempts = attempts + 1, windows_done = 0, windows = 0, step = 0, steps = 0,
                    revision = @revision
                WHERE job = @job AND item = @item
                """,
                new { job, item, revision, running = (long)ItemState.Running },
                transaction);
            return await connection.QuerySingleAsync<ItemRow?>(
                $"SELECT {ItemRow.Columns} FROM {ItemRow.Tables} WHERE i.job = @job AND i.item = @item", new { job, item }, transaction);
        },
        cancellation);

    /// <summary>When the next waiting item is due, Unix milliseconds; null if none waits.</summary>
    public async Task<long?> NextTimeAsync(string job, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.ExecuteScalarAsync<long?>(
            "SELECT MIN(not_before) FROM rewas_items WHERE job = @job AND state = @queued", new { job, queued = (long)ItemState.Queued });
    }

    /// <summary>Notes that the item's sound is about to be made.</summary>
    public Task MakingAsync(ItemRow item, long run, string node, CancellationToken cancellation) => ChangeAsync(
        item.Job,
        run,
        (connection, transaction, _) => connection.ExecuteAsync(
            "INSERT INTO rewas_executions (job, item, run, attempt, node, started, ended, outcome) VALUES (@job, @item, @run, "
            + "@attempts, @node, @now, 0, '')",
            new { job = item.Job, item = item.Item, run, attempts = item.Attempts, node, now = Now },
            transaction),
        cancellation);

    /// <summary>Stores the progress of items.</summary>
    public Task ProgressAsync(string job, long run, IReadOnlyCollection<ItemRow> items, CancellationToken cancellation) => ChangeAsync(
        job,
        run,
        (connection, transaction, revision) => connection.ExecuteAsync(
            """
            UPDATE rewas_items SET windows_done = @WindowsDone, windows = @Windows, step = @Step, steps = @Steps, revision = @Revision
            WHERE job = @Job AND item = @Item AND state = @State
            """,
            items.Select(item => item with { Revision = revision, State = (long)ItemState.Running }),
            transaction),
        cancellation);

    /// <summary>The result of the same work from before, marked as used now; null for none.</summary>
    public async Task<ResultRow?> FindResultAsync(string key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<ResultRow>(
            "UPDATE rewas_results SET touched = @now WHERE key = @key RETURNING key, file, bytes, sha256, sound_sha256 AS soundsha256, "
            + "samples, sampler, elapsed, sidecar",
            new { key, now = Now });
    }

    /// <summary>Notes that the item was made, or its result found.</summary>
    public Task SucceededAsync(ItemRow item, long run, ResultRow result, bool found, CancellationToken cancellation) => ChangeAsync(
        item.Job,
        run,
        async (connection, transaction, revision) =>
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO rewas_results (key, file, bytes, sha256, sound_sha256, samples, sampler, elapsed, sidecar, touched)
                VALUES (@Key, @File, @Bytes, @Sha256, @SoundSha256, @Samples, @Sampler, @Elapsed, @Sidecar, @Now)
                ON CONFLICT (key) DO UPDATE SET
                    bytes = excluded.bytes, sha256 = excluded.sha256, sidecar = excluded.sidecar, touched = excluded.touched
                """,
                new
                {
                    result.Key,
                    result.File,
                    result.Bytes,
                    result.Sha256,
                    result.SoundSha256,
                    result.Samples,
                    result.Sampler,
                    result.Elapsed,
                    result.Sidecar,
                    Now,
                },
                transaction);
            if (await EndItemAsync(connection, transaction, item, run, revision, ItemState.Succeeded, "", "succeeded") == 0)
                return 0;
            return await connection.ExecuteAsync(
                "UPDATE rewas_items SET result = @key, result_bytes = @bytes, found = @found WHERE job = @job AND item = @item",
                new { key = result.Key, bytes = result.Bytes, found = found ? 1L : 0L, job = item.Job, item = item.Item },
                transaction);
        },
        cancellation);

    public Task FailedAsync(ItemRow item, long run, string error, CancellationToken cancellation) => ChangeAsync(
        item.Job, run, (connection, transaction, revision) =>
            EndItemAsync(connection, transaction, item, run, revision, ItemState.Failed, error, "failed"), cancellation);

    /// <summary>Schedules another attempt of an item.</summary>
    /// <param name="error">Why the attempt failed.</param>
    /// <param name="delay">Wait before the next attempt.</param>
    /// <param name="counts">True if this attempt counts against the limit.</param>
    public Task AgainAsync(ItemRow item, long run, string error, TimeSpan delay, bool counts, CancellationToken cancellation) =>
        ChangeAsync(
        item.Job,
        run,
        async (connection, transaction, revision) =>
        {
            if (await EndItemAsync(
                connection, transaction, item, run, revision, ItemState.Queued, error, counts ? "failed" : "returned") == 0)
                return 0;
            return await connection.ExecuteAsync(
                "UPDATE rewas_items SET not_before = @time, attempts = attempts - @less WHERE job = @job AND item = @item",
                new { time = Now + (long)delay.TotalMilliseconds, less = counts ? 0L : 1L, job = item.Job, item = item.Item },
                transaction);
        },
        cancellation);

    /// <summary>
    /// Hands back all items that this run has begun, because the run ends for a reason of its own, such as a database that was away. None
    /// of their attempts counts.
    /// </summary>
    public Task ReturnAsync(string job, long run, CancellationToken cancellation) => ChangeAsync(
        job,
        run,
        async (connection, transaction, revision) =>
        {
            await connection.ExecuteAsync(
                "UPDATE rewas_executions SET outcome = 'returned', ended = @now WHERE job = @job AND run = @run AND outcome = ''",
                new { now = Now, job, run },
                transaction);
            return await connection.ExecuteAsync(
                "UPDATE rewas_items SET state = @queued, attempts = attempts - 1, revision = @revision "
                + "WHERE job = @job AND state = @running",
                new { job, revision, queued = (long)ItemState.Queued, running = (long)ItemState.Running },
                transaction);
        },
        cancellation);

    /// <summary>The final state of the job; null while items are unfinished.</summary>
    public Task<JobState?> EndAsync(string job, long run, CancellationToken cancellation) => ChangeAsync(
        job,
        run,
        async (connection, transaction, _) =>
        {
            var (open, failed) = await connection.QuerySingleAsync<(long Open, long Failed)>(
                "SELECT COUNT(CASE WHEN state IN (@queued, @running) THEN 1 END), COUNT(CASE WHEN state = @failed THEN 1 END) FROM "
                + "rewas_items WHERE job = @job",
                new { job, queued = (long)ItemState.Queued, running = (long)ItemState.Running, failed = (long)ItemState.Failed },
                transaction);
            if (open > 0)
                return null;
            var state = failed > 0 ? JobState.Failed : JobState.Succeeded;
            await connection.ExecuteAsync(
                "UPDATE rewas_jobs SET state = @state, ended = @now WHERE id = @job",
                new { job, state = (long)state, now = Now },
                transaction);
            return (JobState?)state;
        },
        cancellation);

    Task<T> ChangeAsync<T>(string job, long run, Func<DbConnection, DbTransaction, long, Task<T>> change, CancellationToken cancellation) =>
        database.ChangeAsync(
        async transaction =>
        {
            // This update is also the lock that puts changes of a job in sequence.
            var revision = await transaction.Connection!.ExecuteScalarAsync<long?>(
                "UPDATE rewas_jobs SET revision = revision + 1 WHERE id = @job AND run = @run AND state = @running RETURNING revision",
                new { job, run, running = (long)JobState.Running },
                transaction) ?? throw new SupersededException();
            return await change(transaction.Connection!, transaction, revision);
        },
        cancellation);

    /// <summary>The items that an ended run was making wait again, or have failed.</summary>
    async Task LoseItemsAsync(DbTransaction transaction, string job, int mostAttempts, long revision)
    {
        await transaction.Connection!.ExecuteAsync(
            "UPDATE rewas_executions SET outcome = 'lost', ended = @now WHERE job = @job AND outcome = ''",
            new { job, now = Now },
            transaction);
        await transaction.Connection!.ExecuteAsync(
            """
            UPDATE rewas_items SET state = CASE WHEN attempts < @mostAttempts THEN @queued ELSE @failed END, revision = @revision,
                error = CASE WHEN attempts < @mostAttempts THEN error ELSE 'the process ended during the last attempt' END
            WHERE job = @job AND state = @running
            """,
            new
            {
                job,
                mostAttempts = (long)mostAttempts,
                revision,
                queued = (long)ItemState.Queued,
                failed = (long)ItemState.Failed,
                running = (long)ItemState.Running,
            },
            transaction);
    }

    async Task<int> EndItemAsync(
        DbConnection connection,
        DbTransaction transaction,
        ItemRow item,
        long run,
        long revision,
        ItemState state,
        string error,
        string outcome)
    {
        await connection.ExecuteAsync(
            "UPDATE rewas_executions SET outcome = @outcome, ended = @now WHERE job = @job AND item = @item AND run "
            + "= @run AND outcome = ''",
            new { outcome, now = Now, job = item.Job, item = item.Item, run },
            transaction);
        // A change whose commit was not answered is tried again. It must not count twice.
        return await connection.ExecuteAsync(
            "UPDATE rewas_items SET state = @state, error = @error, revision = @revision "
            + "WHERE job = @job AND item = @item AND state = @running",
            new { state = (long)state, error, revision, job = item.Job, item = item.Item, running = (long)ItemState.Running },
            transaction);
    }
}

/// <summary>A later run works on the job, or the job has ended. This run must stop.</summary>
public sealed class SupersededException : Exception;
