using System.Collections.Concurrent;
using Rewas.Hosting.Access;
using StackExchange.Redis;

namespace Rewas.Gateway.Quotas;

/// <summary>
/// Counts what callers use in a Redis that all gateways share. While the store is away, each gateway counts by itself: its callers are
/// served, and a caller gets at most one quota a gateway.
/// </summary>
sealed class SharedUsage(QuotaStore store, MemoryUsage alone, TimeProvider time, ILogger<SharedUsage> log) : BackgroundService, ICallerUsage
{
    /// <summary>A gateway that dies leaves its places taken for this long.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    static readonly string[] Limits =
        ["", nameof(CallerLimits.ConcurrentCalls), nameof(CallerLimits.CallsPerSecond), nameof(CallerLimits.CallsPerDay)];

    /// <summary>Calls that are counted in the store.</summary>
    readonly ConcurrentDictionary<string, CallUse> shared = [];

    int isAway;

    public long BytesAtATime => 256 * 1024;

    public async ValueTask<LimitReached?> EnterAsync(CallUse call)
    {
        var limits = call.Limits;
        if (await TryAsync(
            QuotaScripts.Enter, [Places(call), OfGroup(call, "rate"), OfCaller(call, "calls")],
            [
                call.Id, Milliseconds(Lease), call.Places, limits.CallsPerSecond, limits.Burst, limits.CallsPerDay, Milliseconds(Day),
            ]) is not { } answer)
            return await alone.EnterAsync(call);
        var (limit, wait) = ((int)answer[0], (long)answer[1]);
        if (limit > 0)
            return new(Limits[limit], TimeSpan.FromMilliseconds(wait));
        shared[call.Id] = call;
        return null;
    }

    public async ValueTask LeaveAsync(CallUse call, bool uncounted)
    {
        if (shared.TryRemove(call.Id, out _))
            await TryAsync(QuotaScripts.Leave, [Places(call), OfCaller(call, "calls")], [call.Id, uncounted ? 1 : 0]);
        else
            await alone.LeaveAsync(call, uncounted);
    }

    public async ValueTask<LimitReached?> CountBytesAsync(CallUse call, long bytes)
    {
        if (await TryAsync(
            QuotaScripts.Count, [OfCaller(call, "bytes")], [bytes, call.Limits.UploadBytesPerDay, Milliseconds(Day)]) is not { } answer)
            return await alone.CountBytesAsync(call, bytes);
        return (long)answer[0] is > 0 and var wait
            ? new(nameof(CallerLimits.UploadBytesPerDay), TimeSpan.FromMilliseconds(wait))
            : null;
    }

    /// <summary>Keeps the places of long calls.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Task.WhenAll(shared.Values.Select(
                    call => TryAsync(QuotaScripts.Renew, [Places(call)], [call.Id, Milliseconds(Lease)]).AsTask()));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <summary>Runs a script in the store. Null if the store is away.</summary>
    async ValueTask<RedisResult[]?> TryAsync(string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            var result = await store.RunAsync(script, keys, values);
            if (Interlocked.Exchange(ref isAway, 0) == 1)
                log.QuotaStoreIsBack();
            return result.Length > 0 ? (RedisResult[])result! : [result];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            if (Interlocked.Exchange(ref isAway, 1) == 0)
                log.QuotaStoreIsAway(e.GetType().Name);                      // a message of it may hold the address with its password
            return null;
        }
    }

    static RedisKey Places(CallUse call) => OfGroup(call, "places");

    static RedisKey OfGroup(CallUse call, string what) => OfCaller(call, call.Through ? $"{what}:services" : what);

    /// <summary>All keys of a caller have the same part in braces, by which a cluster keeps them together.</summary>
    static RedisKey OfCaller(CallUse call, string what) => $"rewas:{{{Uri.EscapeDataString(call.Caller)}}}:{what}";

    static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
