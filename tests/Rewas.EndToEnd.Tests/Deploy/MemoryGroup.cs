using System.Globalization;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>A control group of Linux, version 2 or 1, whose processes may together take so much memory and no more.</summary>
sealed class MemoryGroup : IAsyncDisposable
{
    const string Root = "/sys/fs/cgroup";

    readonly string folder, peak;

    MemoryGroup(string parent, string name, string limit, string peak, long bytes)
    {
        (folder, this.peak) = (Path.Combine(parent, name), peak);
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(Path.Combine(folder, limit), bytes.ToString(CultureInfo.InvariantCulture));
        }
        catch
        {
            Directory.Delete(folder);
            throw;
        }
    }

    /// <summary>A process that writes its number into this file belongs to the group from then on.</summary>
    public string Members => Path.Combine(folder, "cgroup.procs");

    /// <summary>The most bytes that were taken so far.</summary>
    public long Peak => long.Parse(File.ReadAllText(Path.Combine(folder, peak)), CultureInfo.InvariantCulture);

    /// <summary>Null where this user may make no groups.</summary>
    public static MemoryGroup? Create(string name, long bytes)
    {
        try
        {
            return Directory.Exists(Path.Combine(Root, "memory"))
                ? new(Path.Combine(Root, "memory"), name, "memory.limit_in_bytes", "memory.max_usage_in_bytes", bytes)
                : new(Root, name, "memory.max", "memory.peak", bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes the group. Its processes must have been ended or killed. Linux keeps it until the last of them is gone.</summary>
    public async ValueTask DisposeAsync() => await Wait.UntilAsync(IsDeleted, $"{folder} is empty and deleted");

    bool IsDeleted()
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
