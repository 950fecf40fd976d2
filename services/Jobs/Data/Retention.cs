using Dapper;
using Microsoft.Extensions.Options;
using Rewas.Jobs.Logging;
using Rewas.Jobs.Settings;
using Rewas.Store.Data;
using Rewas.Store.Files;
using Rewas.V1;

namespace Rewas.Jobs.Data;

/// <summary>Deletes jobs that ended long ago, results that no job uses, and files that nothing uses.</summary>
public sealed class Retention(
    StoreDatabase database, UnusedFiles files, IOptions<JobsOptions> options, StoreClock clock, ILogger<Retention> log)
{
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds;
        var expired = now - (long)options.Value.Retention.TotalMilliseconds;
        var jobs = await database.ChangeAsync(
            async transaction =>
            {
                var ids = (await transaction.Connection!.QueryAsync<string>(
                    "SELECT id FROM rewas_jobs WHERE (ended > 0 AND ended <= @expired) OR (state = @submitting AND touched <= @expired)",
                    new { expired, submitting = (long)JobState.Submitting },
                    transaction)).AsList();
                foreach (var id in ids)
                    foreach (var table in (string[])["rewas_executions WHERE job", "rewas_items WHERE job", "rewas_jobs WHERE id"])
                        await transaction.Connection!.ExecuteAsync($"DELETE FROM {table} = @id", new { id }, transaction);
                await transaction.Connection!.ExecuteAsync("DELETE FROM rewas_reservations WHERE ends <= @now", new { now }, transaction);
                return ids.Count;
            },
            cancellation);
        await database.ExecuteAsync(
            "DELETE FROM rewas_results WHERE touched <= @arrived AND NOT EXISTS (SELECT 1 FROM rewas_items i "
            + "WHERE i.result = rewas_results.key)",
            new { arrived = Math.Max(expired, now - (long)UnusedFiles.Arrival.TotalMilliseconds) },
            cancellation);
        var unused = await files.SweepAsync(options.Value.Retention, cancellation);
        if (jobs + unused > 0)
            log.Expired(jobs, unused);
    }
}
