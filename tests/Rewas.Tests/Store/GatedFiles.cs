using Microsoft.Extensions.Options;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

/// <summary>The files of a store that does not deliver some of them, or takes none, until it is told to.</summary>
sealed class GatedFiles(IOptions<StoreOptions> options) : IStoredFiles
{
    readonly FolderFiles files = new(options);
    readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int asked;

    /// <summary>Part of the keys of the files that are held back; null for none.</summary>
    public string? Held { get; set; }

    /// <summary>Whether it takes no file.</summary>
    public bool TakesNone { get; set; }

    /// <summary>How often a file that is held back was asked for, or brought.</summary>
    public int Asked => Volatile.Read(ref asked);

    public void Deliver() => gate.TrySetResult();

    public async Task StoreAsync(string key, string path, CancellationToken cancellation)
    {
        if (TakesNone)
        {
            Interlocked.Increment(ref asked);
            await gate.Task.WaitAsync(cancellation);
        }
        await files.StoreAsync(key, path, cancellation);
    }

    public async Task<Stream> OpenAsync(string key, CancellationToken cancellation)
    {
        if (Held is { } held && key.Contains(held, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref asked);
            await gate.Task.WaitAsync(cancellation);
        }
        return await files.OpenAsync(key, cancellation);
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => files.DeleteAsync(key, cancellation);
}
