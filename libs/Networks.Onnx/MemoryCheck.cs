using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Checks that weights fit the free memory. An error at start is better than a process killed during a request.</summary>
static class MemoryCheck
{
    /// <summary>Bytes of weights that are being loaded now.</summary>
    static long underWay;

    const string ControlGroup = "/sys/fs/cgroup", MemoryInfo = "/proc/meminfo";

    /// <summary>Loads weights if they fit beside those that other threads load at this moment.</summary>
    /// <exception cref="InputFault">The weights do not fit. The message names their size, the limit, and the free memory.</exception>
    public static T LoadIfFits<T>(string network, long bytes, Func<T> load)
    {
        var together = Interlocked.Add(ref underWay, bytes);
        try
        {
            ThrowUnlessFits(network, bytes, others: together - bytes);
            return load();
        }
        finally
        {
            Interlocked.Add(ref underWay, -bytes);
        }
    }

    static void ThrowUnlessFits(string network, long bytes, long others)
    {
        foreach (var (limit, free, what) in Limits())
            if (free - others is var left && bytes > left)
                throw InputFault.Exhausted("memory", string.Create(CultureInfo.InvariantCulture,
                    $"the weights of '{network}' take {Mebibytes(bytes)} MiB, " +
                    $"but of {what} of {Mebibytes(limit)} MiB only {Mebibytes(Math.Max(left, 0))} MiB are left"));
    }

    static IEnumerable<(long Limit, long Left, string What)> Limits()
    {
        // File pages count as free, including those of mapped weights, because the kernel can reclaim them.
        if (Number(Path.Combine(ControlGroup, "memory.max")) is { } limit
            && Number(Path.Combine(ControlGroup, "memory.current")) is { } used)
            yield return (limit, limit - used + (Entry(Path.Combine(ControlGroup, "memory.stat"), "file") ?? 0), "the container's limit");
        if (Entry(MemoryInfo, "MemTotal:") is { } total && Entry(MemoryInfo, "MemAvailable:") is { } available)
            yield return (total << 10, available << 10, "the machine's memory");
    }

    static long? Number(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value : null;

    static long? Entry(string path, string name)
    {
        if (!File.Exists(path))
            return null;
        foreach (var line in File.ReadLines(path))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var key, var value, ..] && key == name)
                return long.Parse(value, CultureInfo.InvariantCulture);
        return null;
    }

    static long Mebibytes(long bytes) => bytes >> 20;
}
