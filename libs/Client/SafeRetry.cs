using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Rewas.Client;

/// <summary>Whether a call may still be repeated: nothing has been taken from its inputs, and nothing has been received.</summary>
sealed class Repeatable
{
    volatile bool spent;

    public bool IsSpent => spent;

    public void Spend() => spent = true;
}

/// <summary>
/// Repeats a call whose stage is unavailable, with jittered exponential waits, or that was refused until a time that the stage names, as
/// long as it is safe and the longest wait would end before the deadline.
/// </summary>
sealed class SafeRetry
{
    static readonly ResiliencePropertyKey<Repeatable> RepeatableKey = new(nameof(Repeatable));
    static readonly ResiliencePropertyKey<DateTime> DeadlineKey = new("Deadline");

    /// <summary>A wait that a stage asks for is made longer by up to this part of it.</summary>
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
                // Null: as above. Those who were refused together must not come back together, and none of them too early.
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is StageFailure { RetryAfter: { } hint }
                        ? hint * (1 + HintSpread * Random.Shared.NextDouble())
                        : (TimeSpan?)null),
            });
        pipeline = builder.Build();
    }

    /// <param name="deadline">UTC.</param>
    /// <param name="repeatable">Spent by the call itself.</param>
    /// <param name="call">One attempt; throws <see cref="StageFailure"/>.</param>
    /// <param name="cancellation">Ends waiting too.</param>
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

    /// <summary>The longest wait before the next attempt; null for what is not repeated.</summary>
    static TimeSpan? LongestWait(StageFailure failure, RewasClientOptions options) => failure switch
    {
        { Status: StatusCode.ResourceExhausted or StatusCode.Unavailable, RetryAfter: { } hint } => hint * (1 + HintSpread),
        { Status: StatusCode.Unavailable } => options.MaximumRetryDelay,
        _ => null,
    };
}
