namespace Rewas.Hosting.Access;

/// <summary>Counts what callers use in this process. It is forgotten when the process ends.</summary>
public sealed class MemoryUsage(TimeProvider time) : ICallerUsage
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Day = TimeSpan.FromDays(1), CleaningInterval = TimeSpan.FromHours(1);

    readonly Lock gate = new();
    readonly Dictionary<string, Group> groups = [];
    readonly Dictionary<string, DayOfCaller> days = [];
    long cleaned = time.GetTimestamp();

    public long BytesAtATime => 1;

    public ValueTask<LimitReached?> EnterAsync(CallUse call)
    {
        lock (gate)
            return new(Enter(call, time.GetTimestamp()));
    }

    public ValueTask LeaveAsync(CallUse call, bool uncounted)
    {
        lock (gate)
        {
            GroupOf(call).Running--;
            if (uncounted)
                DayOf(call, time.GetTimestamp()).Uncount();
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<LimitReached?> CountBytesAsync(CallUse call, long bytes)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var day = DayOf(call, now);
            if (bytes > 0 && call.Limits.UploadBytesPerDay is > 0 and var most && day.Bytes + bytes > most)
                return new(new LimitReached(nameof(CallerLimits.UploadBytesPerDay), LeftOf(day, now)));
            day.Bytes = Math.Max(0, day.Bytes + bytes);
        }
        return default;
    }

    LimitReached? Enter(CallUse call, long now)
    {
        Clean(now);
        var (group, limits) = (GroupOf(call), call.Limits);
        if (call.Places > 0 && group.Running >= call.Places)
            return new(nameof(limits.ConcurrentCalls), Second);
        group.Recent = Math.Max(0, group.Recent - time.GetElapsedTime(group.Looked, now).TotalSeconds * limits.CallsPerSecond);
        group.Looked = now;
        if (limits.CallsPerSecond > 0 && group.Recent + 1 > limits.Burst)
            return new(nameof(limits.CallsPerSecond), TimeSpan.FromSeconds((group.Recent + 1 - limits.Burst) / limits.CallsPerSecond));
        var day = DayOf(call, now);
        if (limits.CallsPerDay > 0 && day.Calls >= limits.CallsPerDay)
            return new(nameof(limits.CallsPerDay), LeftOf(day, now));
        group.Running++;
        group.Recent = limits.CallsPerSecond > 0 ? group.Recent + 1 : 0;
        day.Calls++;
        return null;
    }

    TimeSpan LeftOf(DayOfCaller day, long now) => Day - time.GetElapsedTime(day.Began, now);

    Group GroupOf(CallUse call)
    {
        if (!groups.TryGetValue(call.Group, out var group))
            groups[call.Group] = group = new();
        return group;
    }

    /// <summary>The caller's day. A new one begins with the first call after 24 hours.</summary>
    DayOfCaller DayOf(CallUse call, long now)
    {
        if (!days.TryGetValue(call.Caller, out var day) || time.GetElapsedTime(day.Began, now) >= Day)
            days[call.Caller] = day = new() { Began = now };
        return day;
    }

    /// <summary>Forgets callers whose counts say nothing any more.</summary>
    void Clean(long now)
    {
        if (time.GetElapsedTime(cleaned, now) < CleaningInterval)
            return;
        cleaned = now;
        foreach (var (name, group) in groups)
            if (group.Running == 0 && time.GetElapsedTime(group.Looked, now) >= CleaningInterval)
                groups.Remove(name);
        foreach (var (name, day) in days)
            if (time.GetElapsedTime(day.Began, now) >= Day)
                days.Remove(name);
    }

    sealed class Group
    {
        /// <summary>Calls in progress.</summary>
        public int Running { get; set; }

        /// <summary>Calls of late. It falls by CallsPerSecond and must not exceed Burst.</summary>
        public double Recent { get; set; }

        public long Looked { get; set; }
    }

    sealed class DayOfCaller
    {
        public long Began { get; init; }

        public long Calls { get; set; }

        public long Bytes { get; set; }

        public void Uncount() => Calls = Math.Max(0, Calls - 1);
    }
}
