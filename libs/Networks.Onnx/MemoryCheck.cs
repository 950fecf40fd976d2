using System.Globalization;
using Rewas.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Whether weights fit the memory that is left: better a line at the start than a process killed in the middle of a request.</summary>
static class MemoryCheck
{
    const string ControlGroup = "/sys/fs/cgroup", MemoryInfo = "/proc/meminfo";

    /// <exception cref="InputFault">They do not: names need, limit and what is left of it.</exception>
    public static void ThrowUnlessFits(string network, long bytes)
    {
        foreach (var (limit, left, what) in Limits())
            if (bytes > left)
                throw InputFault.Exhausted("memory", string.Create(CultureInfo.InvariantCulture,
                    $"the weights of '{network}' take {Mebibytes(bytes)} MiB, but of {what} of {Mebibytes(limit)} MiB only {Mebibytes(left)} MiB are left"));
    }

    static IEnumerable<(long Limit, long Left, string What)> Limits()
    {
        // What the kernel can free again is left too: file pages, among them those of mapped weights.
        if (Number(Path.Combine(ControlGroup, "memory.max")) is { } limit && Number(Path.Combine(ControlGroup, "memory.current")) is { } used)
            yield return (limit, limit - used + (Entry(Path.Combine(ControlGroup, "memory.stat"), "file") ?? 0), "the container's limit");
        if (Entry(MemoryInfo, "MemTotal:") is { } total && Entry(MemoryInfo, "MemAvailable:") is { } available)
            yield return (total << 10, available << 10, "the machine's memory");
    }

    static long? Number(string path) => File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

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
