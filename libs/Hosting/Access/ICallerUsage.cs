namespace Rewas.Hosting.Access;

/// <summary>
/// Counts what callers use of their limits: in this process (<see cref="MemoryUsage"/>), or in a store that several gateways share.
/// </summary>
public interface ICallerUsage
{
    /// <summary>
    /// Bytes to take at a time, at least. What a call does not need is given back at its end. 1 counts exactly at any time.
    /// </summary>
    long BytesAtATime { get; }

    /// <summary>
    /// Takes a place among the calls in progress and counts the call in its second and in its day. A call that is refused counts nowhere.
    /// </summary>
    /// <returns>Null if the call may begin.</returns>
    ValueTask<LimitReached?> EnterAsync(CallUse call);

    /// <summary>Frees the place of a call.</summary>
    /// <param name="uncounted">Takes the call off its day, because the platform had no room for it.</param>
    ValueTask LeaveAsync(CallUse call, bool uncounted);

    /// <summary>Counts bytes that a call sends in its caller's day, unless the limit would be exceeded.</summary>
    /// <param name="bytes">Negative to give bytes back.</param>
    /// <returns>Null if they are counted.</returns>
    ValueTask<LimitReached?> CountBytesAsync(CallUse call, long bytes);
}

/// <summary>A call that uses up its caller's limits.</summary>
/// <param name="Caller">The caller that the call is made for. It has one day, whichever key or service calls.</param>
/// <param name="Through">Whether a service of the platform calls for the caller.</param>
public sealed record CallUse(string Caller, bool Through, CallerLimits Limits)
{
    /// <summary>Calls of a service at a time for each call of its caller. One clip takes four calls.</summary>
    const int CallsOfAService = 4;

    /// <summary>Tells the calls of a caller apart.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("n");

    /// <summary>
    /// Calls of services have places and a rate of their own, because a conversation holds a place of its caller while its service calls
    /// the stages.
    /// </summary>
    public string Group => Through ? $"{Caller} through services" : Caller;

    /// <summary>Most calls of the group in progress; 0 for no limit.</summary>
    public int Places => Through ? Limits.ConcurrentCalls * CallsOfAService : Limits.ConcurrentCalls;
}

/// <summary>A limit that a caller has reached.</summary>
/// <param name="Limit">Name of the option in <see cref="CallerLimits"/>.</param>
/// <param name="RetryAfter">When there may be room again.</param>
public sealed record LimitReached(string Limit, TimeSpan RetryAfter);
