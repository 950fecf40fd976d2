using Dapper;

namespace Rewas.Store.Data;

/// <summary>
/// The time of leases and retention. It starts at the database's time and goes on with the machine's steady counter. So a clock that is
/// set forward or back while the process runs ends no lease and keeps none.
/// </summary>
public sealed class StoreClock
{
    readonly TimeProvider time;
    readonly DateTimeOffset started;
    readonly long counter;

    public StoreClock(StoreDatabase database, TimeProvider time)
    {
        this.time = time;
        counter = time.GetTimestamp();
        started = time.GetUtcNow();
        if (!database.IsPostgres)
            return;
        using var connection = database.Open();
        started = DateTimeOffset.FromUnixTimeMilliseconds(
            connection.ExecuteScalar<long>("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"));
    }

    public DateTimeOffset Now => started + time.GetElapsedTime(counter);

    /// <summary>Unix milliseconds.</summary>
    public long Milliseconds => Now.ToUnixTimeMilliseconds();
}
