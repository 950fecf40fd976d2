using Microsoft.Extensions.Options;
using Rewas.Jobs.Settings;

namespace Rewas.Jobs.Running;

/// <summary>
/// Which of several processes that share a folder runs its jobs: the one that has its lock, which the system gives back when that process
/// ends, however it does.
/// </summary>
public sealed class FolderLock(IOptions<JobsOptions> options) : IDisposable
{
    const string FileName = "jobs.lock";

    FileStream? file;

    /// <summary>True if this process has the lock, or just got it.</summary>
    public bool TryTake()
    {
        try
        {
            file ??= new(Path.Combine(options.Value.FolderPath, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => file?.Dispose();
}
