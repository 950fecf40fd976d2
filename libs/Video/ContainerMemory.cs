using System.Globalization;

namespace Rewas.Video;

/// <summary>The memory that this process and its children may take together.</summary>
public static class ContainerMemory
{
    /// <summary>Limits of control groups, versions 2 and 1, as a container sees its own. "max" and huge numbers mean none.</summary>
    static readonly string[] Files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>Bytes: the container's limit, or else the machine's memory.</summary>
    public static long Limit { get; } = Math.Min(
        Files.Where(File.Exists).Select(Read).DefaultIfEmpty(long.MaxValue).Min(), MachineBytes());

    static long Read(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var bytes) ? bytes : long.MaxValue;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>In a container, .NET counts a part of the container's limit. Then the limit itself was read above.</summary>
    static long MachineBytes() => Files.Any(file => File.Exists(file) && Read(file) < 1L << 50)
        ? long.MaxValue
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
