using System.Data.Common;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Rewas.Store.Data;

/// <summary>
/// Repeats a change until the database is back. For what must be written whatever happens: the end of an item, the events of a turn. The
/// change must do nothing the second time if it was committed before.
/// </summary>
public static class DatabaseRetry
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(2);

    /// <param name="what">What is written, for the log: "the end of an item".</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<T> UntilWrittenAsync<T>(
        this ILogger log, string what, TimeProvider time, Func<CancellationToken, Task<T>> change, CancellationToken cancellation)
    {
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DbException>(StoreDatabase.MayPass),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            OnRetry = attempt =>
            {
                log.DatabaseAway(attempt.Outcome.Exception!, what);
                return ValueTask.CompletedTask;
            },
        }).Build();
        return await retry.ExecuteAsync(async stop => await change(stop), cancellation);
    }
}
