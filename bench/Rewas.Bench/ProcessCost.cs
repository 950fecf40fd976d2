using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Rewas.Bench;

/// <summary>The time and memory of a process, on Linux.</summary>
/// <param name="Wall">Time from start to end.</param>
/// <param name="Processor">CPU time of all its threads and of the processes that it waited for.</param>
/// <param name="PeakMegabytes">Peak resident memory of the process itself, in units of 2^20 bytes.</param>
readonly partial record struct ProcessCost(TimeSpan Wall, TimeSpan Processor, double PeakMegabytes)
{
    const int Children = -1, UsageNumbers = 18;                              // two times of two numbers each, then fourteen numbers

    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static ProcessCost Of(string program, string[] arguments, string cache)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REWAS_CACHE"] = cache;
        var (before, began, peak) = (ProcessorOfChildren(), Stopwatch.GetTimestamp(), 0L);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!process.WaitForExit(Between))
            peak = Math.Max(peak, PeakKilobytes(process.Id));
        var wall = Stopwatch.GetElapsedTime(began);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {said.Result[1].Trim()}");
        return new(wall, ProcessorOfChildren() - before, peak / 1024.0);
    }

    /// <summary>The kernel's high-water mark, so the last reading counts; 0 when the process is gone.</summary>
    static long PeakKilobytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static TimeSpan ProcessorOfChildren()
    {
        var usage = new long[UsageNumbers];
        if (ReadUsage(Children, usage) != 0)
            throw new InvalidOperationException("getrusage failed");
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int ReadUsage(int who, [Out] long[] usage);
}
