using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;
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

    const int AttemptsAtStart = 18;                                          // about half a minute

    /// <summary>Repeats the opening of a server's database while the server cannot be reached. Other failures are final.</summary>
    internal static ResiliencePipeline AtStart(ILogger log) => Retry(
        log, "its opening", AttemptsAtStart, new PredicateBuilder().Handle<NpgsqlException>(failure => failure.IsTransient)).Build();

    /// <param name="what">What is written, for the log: "the end of an item".</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<T> UntilWrittenAsync<T>(
        this ILogger log, string what, TimeProvider time, Func<CancellationToken, Task<T>> change, CancellationToken cancellation)
    {
        var retry = Retry(log, what, int.MaxValue, new PredicateBuilder().Handle<DbException>(StoreDatabase.MayPass));
        retry.TimeProvider = time;
        return await retry.Build().ExecuteAsync(async stop => await change(stop), cancellation);
    }

    static ResiliencePipelineBuilder Retry(ILogger log, string what, int attempts, PredicateBuilder<object> failures) =>
        new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = failures,
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            OnRetry = attempt =>
            {
                log.DatabaseAway(attempt.Outcome.Exception!, what);
                return ValueTask.CompletedTask;
            },
        });
}
