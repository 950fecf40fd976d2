using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Rewas.Client;

/// <summary>Tracks if a call may be repeated: it has taken nothing from its inputs and received nothing.</summary>
sealed class Repeatable
{
    volatile bool spent;

    public bool IsSpent => spent;

    public void Spend() => spent = true;
}

/// <summary>
/// Repeats a call if its stage is unavailable (exponential waits with jitter) or names a time to try again. It repeats only while that is
/// safe and the longest wait would end before the deadline.
/// </summary>
sealed class SafeRetry
{
    static readonly ResiliencePropertyKey<Repeatable> RepeatableKey = new(nameof(Repeatable));
    static readonly ResiliencePropertyKey<DateTime> DeadlineKey = new("Deadline");

    /// <summary>Largest jitter on a wait that a stage asks for, as a fraction of it. Jitter only lengthens the wait.</summary>
    const double HintSpread = 0.25;

    readonly ResiliencePipeline pipeline;

    public SafeRetry(RewasClientOptions options)
    {
        var builder = new ResiliencePipelineBuilder();
        if (options.Retries > 0)
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaximumRetryDelay,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is StageFailure failure
                    && LongestWait(failure, options) is { } wait
                    && !arguments.Context.Properties.GetValue(RepeatableKey, null!).IsSpent
                    && DateTime.UtcNow + wait < arguments.Context.Properties.GetValue(DeadlineKey, default)),
                // Null keeps the exponential backoff. Otherwise the wait is the hint plus up to 25% jitter, so that refused callers do not
                // return together.
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is StageFailure { RetryAfter: { } hint }
                        ? hint * (1 + HintSpread * Random.Shared.NextDouble())
                        : (TimeSpan?)null),
            });
        pipeline = builder.Build();
    }

    /// <param name="deadline">UTC.</param>
    /// <param name="repeatable">The call itself marks it as spent.</param>
    /// <param name="call">One attempt; throws <see cref="StageFailure"/>.</param>
    /// <param name="cancellation">Also ends a wait.</param>
    public async Task<T> ExecuteAsync<T>(
        DateTime deadline, Repeatable repeatable, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(DeadlineKey, deadline);
            context.Properties.Set(RepeatableKey, repeatable);
            return await pipeline.ExecuteAsync(async attempt => await call(attempt.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The longest wait before the next attempt; null if the failure is not retried.</summary>
    static TimeSpan? LongestWait(StageFailure failure, RewasClientOptions options) => failure switch
    {
        { Status: StatusCode.ResourceExhausted or StatusCode.Unavailable, RetryAfter: { } hint } => hint * (1 + HintSpread),
        { Status: StatusCode.Unavailable } => options.MaximumRetryDelay,
        _ => null,
    };
}
