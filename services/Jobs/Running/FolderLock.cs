using Microsoft.Extensions.Options;
using Rewas.Store.Settings;

namespace Rewas.Jobs.Running;

/// <summary>
/// Decides which of several processes with one folder runs its jobs: the process that holds the lock. The system releases the lock when
/// that process ends in any way.
/// </summary>
public sealed class FolderLock(IOptions<StoreOptions> options) : IDisposable
{
    const string FileName = "jobs.lock";

    FileStream? file;

    /// <summary>True if this process holds the lock or has just taken it.</summary>
    public bool TryTake()
    {
        try
        {
            file ??= new(Path.Combine(options.Value.FolderPath(), FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => file?.Dispose();
}
