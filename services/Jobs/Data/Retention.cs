using Dapper;
using Microsoft.Extensions.Options;
using Rewas.Jobs.Files;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>Deletes jobs that ended long ago, and files that no job uses.</summary>
public sealed class Retention(
    JobDatabase database, IJobFiles files, IOptions<JobsOptions> options, TimeProvider time, ILogger<Retention> log)
{
    /// <summary>Files younger than this are kept without a job, because they may still be in use by an upload.</summary>
    static readonly TimeSpan Arrival = TimeSpan.FromHours(1);

    const int FilesAtATime = 500;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var expired = time.GetUtcNow() - options.Value.Retention;
        var arrived = time.GetUtcNow() - (options.Value.Retention < Arrival ? options.Value.Retention : Arrival);
        var jobs = await database.ChangeAsync(
            async transaction =>
            {
                var ids = (await transaction.Connection!.QueryAsync<string>(
                    "SELECT id FROM rewas_jobs WHERE (ended > 0 AND ended <= @expired) OR (state = @submitting AND touched <= @expired)",
                    new { expired = expired.ToUnixTimeMilliseconds(), submitting = (long)JobState.Submitting },
                    transaction)).AsList();
                foreach (var id in ids)
                    foreach (var table in (string[])["rewas_executions WHERE job", "rewas_items WHERE job", "rewas_jobs WHERE id"])
                        await transaction.Connection!.ExecuteAsync($"DELETE FROM {table} = @id", new { id }, transaction);
                return ids.Count;
            },
            cancellation);
        var unused = await database.ChangeAsync(
            async transaction =>
            {
                var parameters = new { arrived = arrived.ToUnixTimeMilliseconds(), most = FilesAtATime };
                await transaction.Connection!.ExecuteAsync(
                    "DELETE FROM rewas_results WHERE touched <= @arrived AND NOT EXISTS (SELECT 1 FROM rewas_items i "
                    + "WHERE i.result = rewas_results.key)",
                    parameters,
                    transaction);
                return (await transaction.Connection!.QueryAsync<string>(
                    """
                    SELECT key FROM rewas_files f WHERE touched <= @arrived
                    AND NOT EXISTS (SELECT 1 FROM rewas_items i WHERE i.video = f.key)
                    AND NOT EXISTS (SELECT 1 FROM rewas_results r WHERE r.file = f.key)
                    LIMIT @most
                    """,
                    parameters,
                    transaction)).AsList();
            },
            cancellation);
        foreach (var key in unused)
        {
            await files.DeleteAsync(key, cancellation);
            await using var connection = await database.OpenAsync(cancellation);
            await connection.ExecuteAsync("DELETE FROM rewas_files WHERE key = @key", new { key });
        }
        if (jobs + unused.Count > 0)
            log.Expired(jobs, unused.Count);
    }
}
