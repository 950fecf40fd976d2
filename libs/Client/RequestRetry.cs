using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Rewas.Client;

/// <summary>
/// Repeats a whole request while a stage is unavailable, until the request's deadline. Waits grow exponentially with jitter. A stage that
/// is full and names a time is asked again then. Everything else is final: another attempt would end in the same way.
/// </summary>
/// <remarks>This is the only layer that repeats requests. The calls of a request are not repeated on their own.</remarks>
sealed class RequestRetry
{
    static readonly ResiliencePropertyKey<RequestDeadline> DeadlineKey = new("Deadline");
    static readonly ResiliencePropertyKey<Action<StageFailure>?> ToldKey = new("Told");

    /// <summary>Largest jitter on a wait that a stage asks for, as a fraction of it. Jitter only lengthens the wait.</summary>
    const double HintSpread = 0.25;

    readonly ResiliencePipeline pipeline;

    public RequestRetry(RewasClientOptions options)
    {
        var builder = new ResiliencePipelineBuilder();
        if (options.Repeat)
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaximumRetryDelay,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is StageFailure failure
                    && LongestWait(failure, options) is { } wait
                    && arguments.Context.Properties.TryGetValue(DeadlineKey, out var deadline)
                    && wait < deadline.Left),
                // Null keeps the exponential wait. A hint gets up to 25% jitter, so that refused callers do not return together.
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is StageFailure { RetryAfter: { } hint }
                        ? hint * (1 + HintSpread * Random.Shared.NextDouble())
                        : (TimeSpan?)null),
                OnRetry = arguments =>
                {
                    if (arguments.Context.Properties.TryGetValue(ToldKey, out var told))
                        told?.Invoke((StageFailure)arguments.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            });
        pipeline = builder.Build();
    }

    /// <param name="attempt">One attempt; throws <see cref="StageFailure"/>.</param>
    /// <param name="told">Receives the reason before each repetition.</param>
    /// <param name="cancellation">Also ends a wait.</param>
    public async Task<T> ExecuteAsync<T>(
        RequestDeadline deadline, Func<Task<T>> attempt, Action<StageFailure>? told, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(DeadlineKey, deadline);
            context.Properties.Set(ToldKey, told);
            return await pipeline.ExecuteAsync(async _ => await attempt(), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The longest wait before the next attempt; null if the failure is final.</summary>
    static TimeSpan? LongestWait(StageFailure failure, RewasClientOptions options) => failure switch
    {
        { Status: StatusCode.ResourceExhausted or StatusCode.Unavailable, RetryAfter: { } hint } => hint * (1 + HintSpread),
        { Status: StatusCode.Unavailable } => options.MaximumRetryDelay,
        _ => null,
    };
}
