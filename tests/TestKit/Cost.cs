using System.Runtime.InteropServices;

namespace Rewas.TestKit;

/// <summary>
/// What a piece of work costs the thread that does it. Processor time, unlike elapsed time, is the same beside a busy process.
/// </summary>
/// <param name="ProcessorTime">Of the thread.</param>
/// <param name="AllocatedBytes">By the thread, whether freed since or not.</param>
public readonly partial record struct Cost(TimeSpan ProcessorTime, long AllocatedBytes)
{
    const int ThreadClockOfLinux = 3, ThreadClockOfMacOs = 16;

    /// <summary>Measures work that stays on this thread. It may throw; what it throws is returned.</summary>
    public static (Cost Cost, Exception? Failure) Of(Action work)
    {
        var (time, bytes) = (Now(), GC.GetAllocatedBytesForCurrentThread());
        var failure = Record.Exception(work);
        return (new(Now() - time, GC.GetAllocatedBytesForCurrentThread() - bytes), failure);
    }

    static TimeSpan Now()
    {
        if (OperatingSystem.IsWindows())
            return TimeSpan.FromMilliseconds(Environment.TickCount64);
        return ClockGetTime(OperatingSystem.IsMacOS() ? ThreadClockOfMacOs : ThreadClockOfLinux, out var now) == 0
            ? TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromMicroseconds(now.Nanoseconds / 1000.0)
            : throw new InvalidOperationException("the thread's clock cannot be read");
    }

    struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec now);
}
