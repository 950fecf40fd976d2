using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Rewas.Client;

/// <summary>Repeats work that goes on where it stopped, while no process can be reached or a connection was cut.</summary>
static class Reconnecting
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(2);

    static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(2);

    /// <param name="patience">Longest time without success; null for 2 minutes.</param>
    public static ResiliencePipeline For(TimeSpan? patience) => new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = new PredicateBuilder().Handle<RpcException>(MayPass),
        MaxRetryAttempts = Math.Max(1, (int)Math.Ceiling((patience ?? UsualPatience) / LongestDelay)),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstDelay,
        MaxDelay = LongestDelay,
    }).Build();

    /// <summary>
    /// Whether another replica, or the same one soon, may take the call. A replica with a full disk names a short wait. A reset stream is
    /// reported as CANCELLED or INTERNAL; a user who cancels ends the attempts by the token. The calls have no deadline of their own, so
    /// DEADLINE_EXCEEDED means that a gateway ended one that went on for long, or that the bytes of an upload were slow. The part of an
    /// upload may still come from the call before; the next attempt asks again where the upload goes on.
    /// </summary>
    static bool MayPass(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled
        || (failure.StatusCode is StatusCode.FailedPrecondition && StageFailure.FieldOf(failure) == "offset")
        || (failure.StatusCode is StatusCode.ResourceExhausted && StageFailure.RetryAfterOf(failure) <= LongestDelay)
        || failure.Status.DebugException is IOException or HttpRequestException
        || StageFailure.IsCutRequest(failure);
}
