using System.Runtime.ExceptionServices;
using Dapper;
using Rewas.Store.Data;

namespace Rewas.Store.Files;

/// <summary>Deletes stored files that nothing refers to any more.</summary>
public sealed class UnusedFiles(StoreDatabase database, IStoredFiles files, StoreClock clock)
{
    /// <summary>Files younger than this are kept without a reference, because they may still be on their way into the store.</summary>
    public static readonly TimeSpan Arrival = TimeSpan.FromHours(1);

    const int AtATime = 500;

    /// <summary>Files of jobs count as used while an item or a result names them. Other files belong to a lease.</summary>
    const string Unused =
        """
        key = @key AND touched <= @arrived
        AND NOT EXISTS (SELECT 1 FROM rewas_leases l WHERE l.id = rewas_files.owner)
        AND NOT EXISTS (SELECT 1 FROM rewas_items i WHERE i.video = rewas_files.key)
        AND NOT EXISTS (SELECT 1 FROM rewas_results r WHERE r.file = rewas_files.key)
        """;

    /// <param name="arrival">Shorter than an hour where results are kept for a shorter time; null for an hour.</param>
    /// <returns>The number of deleted files.</returns>
    public async Task<int> SweepAsync(TimeSpan? arrival, CancellationToken cancellation)
    {
        var arrived = (clock.Now - (arrival < Arrival ? arrival.Value : Arrival)).ToUnixTimeMilliseconds();
        var candidates = await database.QueryAsync<(string Key, string Owner)>(
            """
            SELECT key, owner FROM rewas_files WHERE (touched <= @arrived OR owner <> '')
            AND NOT EXISTS (SELECT 1 FROM rewas_leases l WHERE l.id = rewas_files.owner)
            AND NOT EXISTS (SELECT 1 FROM rewas_items i WHERE i.video = rewas_files.key)
            AND NOT EXISTS (SELECT 1 FROM rewas_results r WHERE r.file = rewas_files.key)
            LIMIT @most
            """,
            new { arrived, most = AtATime },
            cancellation);
        var (deleted, stubborn) = (0, (ExceptionDispatchInfo?)null);
        foreach (var (key, owner) in candidates)
            try
            {
                // The owner's lease has ended, so nobody stores the file again.
                deleted += await DeleteAsync(key, owner.Length > 0 ? long.MaxValue : arrived, cancellation) ? 1 : 0;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                stubborn ??= ExceptionDispatchInfo.Capture(failure);          // the other files need not wait for it
            }
        stubborn?.Throw();
        return deleted;
    }

    /// <summary>
    /// Deletes a file if it is still unused. The row stays locked until the file is gone. A new upload of the same file waits for the row,
    /// and stores its file afterwards.
    /// </summary>
    internal Task<bool> DeleteAsync(string key, long arrived, CancellationToken cancellation) => database.ChangeAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteAsync(
                $"DELETE FROM rewas_files WHERE {Unused}", new { key, arrived }, transaction) == 0)
                return false;
            await files.DeleteAsync(key, cancellation);
            return true;
        },
        cancellation);
}
