using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.Store.Files;

/// <summary>The files of leases. A file is noted in the database before it is stored, so that a sweep finds it whatever happens.</summary>
public sealed class StoredFiles(StoreDatabase database, IStoredFiles files, StoreClock clock)
{
    /// <summary>Notes that a file is about to be stored.</summary>
    /// <param name="owner">Id of the lease that it belongs to. Empty for a file of the jobs.</param>
    public Task NoteAsync(string key, string owner, CancellationToken cancellation) => database.ExecuteAsync(
        """
        INSERT INTO rewas_files (key, owner, touched) VALUES (@key, @owner, @now)
        ON CONFLICT (key) DO UPDATE SET touched = excluded.touched
        """,
        new { key, owner, now = clock.Milliseconds },
        cancellation);

    /// <summary>Stores a file.</summary>
    /// <param name="owner">As in <see cref="NoteAsync"/>.</param>
    /// <exception cref="InputFault">
    /// A sweep has deleted its note meanwhile. NotFound: its lease is gone. Environment: storing a file of the jobs took too long.
    /// </exception>
    public async Task StoreAsync(string key, string owner, string path, CancellationToken cancellation)
    {
        await NoteAsync(key, owner, cancellation);
        await files.StoreAsync(key, path, cancellation);
        // The file is there now, so its note is set right whoever gives up. A sweep that is deleting the file holds the note until then.
        if (await database.ExecuteAsync(
            "UPDATE rewas_files SET touched = @now WHERE key = @key", new { key, now = clock.Milliseconds }, CancellationToken.None) == 1)
            return;
        // Deleting the file here could hit one that another call has stored since. So it is noted, and the next sweep deletes it.
        await NoteAsync(key, owner, CancellationToken.None);
        throw owner.Length > 0
            ? InputFault.NotFound("file", $"'{key}' belongs to what was deleted while it was stored")
            : InputFault.Environment("file", $"'{key}' was deleted while it was stored, because that took too long");
    }

    public Task<Stream> OpenAsync(string key, CancellationToken cancellation) => files.OpenAsync(key, cancellation);

    /// <summary>Deletes a file now instead of with its lease.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellation)
    {
        await files.DeleteAsync(key, cancellation);
        await database.ExecuteAsync("DELETE FROM rewas_files WHERE key = @key", new { key }, cancellation);
    }

    /// <summary>Copies a stored file to a path of this machine. The copy appears whole or not at all.</summary>
    public async Task CopyAsync(string key, string path, CancellationToken cancellation)
    {
        var partial = $"{path}.{Guid.NewGuid():n}.partial";
        try
        {
            await using (var from = await files.OpenAsync(key, cancellation))
            await using (var to = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                await from.CopyToAsync(to, cancellation);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
