using System.Data.Common;
using Dapper;

namespace Rewas.Store.Leases;

/// <summary>Counts what exists while something new is about to be made. Nothing else can be made meanwhile.</summary>
public sealed class LeaseCounts
{
    readonly DbTransaction transaction;
    readonly string caller;
    readonly long now;

    internal LeaseCounts(DbTransaction transaction, string caller, long now) =>
        (this.transaction, this.caller, this.now) = (transaction, caller, now);

    public Task<LeaseTotals> OfAllAsync(params string[] kinds) => CountAsync(kinds, "");

    public Task<LeaseTotals> OfCallerAsync(params string[] kinds) => CountAsync(kinds, "AND caller = @caller");

    public Task<LeaseTotals> OfParentAsync(string parent, params string[] kinds) => CountAsync(kinds, "AND parent = @parent", parent);

    async Task<LeaseTotals> CountAsync(string[] kinds, string condition, string parent = "")
    {
        var (count, bytes, running) = await transaction.Connection!.QuerySingleAsync<(long, long, long)>(
            "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT), COUNT(CASE WHEN state = 0 THEN 1 END) FROM rewas_leases "
            + $"WHERE kind IN ({string.Join(", ", kinds.Select(kind => $"'{kind}'"))}) AND ends > @now {condition}",
            new { now, caller, parent },
            transaction);
        return new(count, bytes, running);
    }
}
