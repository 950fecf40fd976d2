using System.Threading.RateLimiting;
using Grpc.Core;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>
/// Enforces <see cref="CallerLimits"/> for each caller separately. Usage is held in memory and is lost when the process ends.
/// </summary>
sealed class CallerLimiter : IDisposable
{
    /// <summary>Unit in which sent bytes are counted, because limiters count in int.</summary>
    public const int BytesPerPermit = 64 * 1024;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Day = TimeSpan.FromDays(1);

    readonly PartitionedRateLimiter<Caller> rate = Each(limits => limits.CallsPerSecond == 0
        ? null
        : new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.CallsPerSecond,
            ReplenishmentPeriod = Second,
        }, RateLimitPartition.GetTokenBucketLimiter);

    readonly PartitionedRateLimiter<Caller> day = Each(limits => limits.CallsPerDay == 0
        ? null
        : new FixedWindowRateLimiterOptions { PermitLimit = limits.CallsPerDay, Window = Day }, RateLimitPartition.GetFixedWindowLimiter);

    readonly PartitionedRateLimiter<Caller> bytes = Each(limits => limits.UploadBytesPerDay == 0
        ? null
        : new FixedWindowRateLimiterOptions
        {
            PermitLimit = (int)Math.Max(1, limits.UploadBytesPerDay / BytesPerPermit),
            Window = Day,
        }, RateLimitPartition.GetFixedWindowLimiter);

    readonly PartitionedRateLimiter<Caller> concurrency = Each(limits => limits.ConcurrentCalls == 0
        ? null
        : new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentCalls }, RateLimitPartition.GetConcurrencyLimiter);

    /// <summary>Admits one call. The returned lease ends with the call.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with the time to retry after.</exception>
    public IDisposable Enter(Caller caller)
    {
        Take(day, caller, 1, "calls", limits => $"at most {limits.CallsPerDay} may be made in 24 hours (CallsPerDay)").Dispose();
        Take(rate, caller, 1, "calls", limits => $"at most {limits.CallsPerSecond} may be made in a second (CallsPerSecond)").Dispose();
        return Take(concurrency, caller, 1, "calls", limits => $"at most {limits.ConcurrentCalls} may be in progress (ConcurrentCalls)");
    }

    /// <summary>Counts bytes that a caller sends.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with the time to retry after.</exception>
    public void Count(Caller caller, int permits) =>
        Take(bytes, caller, permits, "bytes", limits => $"at most {limits.UploadBytesPerDay} may be sent in 24 hours (UploadBytesPerDay)")
            .Dispose();

    public void Dispose()
    {
        foreach (var limiter in (PartitionedRateLimiter<Caller>[])[rate, day, bytes, concurrency])
            limiter.Dispose();
    }

    static RateLimitLease Take(
        PartitionedRateLimiter<Caller> limiter, Caller caller, int permits, string field, Func<CallerLimits, string> limit)
    {
        var lease = limiter.AttemptAcquire(caller, permits);
        if (lease.IsAcquired)
            return lease;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var hint) && hint > TimeSpan.Zero ? hint : Second;
        lease.Dispose();
        throw Refused(new InputFault(FaultKind.Exhausted, field, limit(caller.Limits!)) { RetryAfter = wait });
    }

    public static RpcException Refused(InputFault fault) =>
        new(new(StatusCode.ResourceExhausted, fault.Message), FaultInterceptor.Trailers(fault));

    /// <summary>One limiter per caller and limits, so that a key with changed limits gets a new limiter.</summary>
    static PartitionedRateLimiter<Caller> Each<TOptions>(
        Func<CallerLimits, TOptions?> options,
        Func<(string, CallerLimits?), Func<(string, CallerLimits?), TOptions>, RateLimitPartition<(string, CallerLimits?)>> partition)
        where TOptions : class =>
        PartitionedRateLimiter.Create<Caller, (string, CallerLimits?)>(caller =>
        {
            var key = (caller.Name, caller.Limits);
            return caller.Limits is { } limits && options(limits) is { } given
                ? partition(key, _ => given)
                : RateLimitPartition.GetNoLimiter(key);
        });
}
