using Dapper;
using Rewas.Clip.Faults;
using Rewas.Store.Data;
using Rewas.Store.Leases;

namespace Rewas.Store.Files;

/// <summary>
/// Files that arrive in parts. A part is stored as a file of its own and then noted, so that the next part may come to another replica.
/// </summary>
public sealed class StoredParts(StoreDatabase database, StoredFiles files)
{
    /// <summary>Bytes of the parts that are stored, from the start without a gap.</summary>
    /// <param name="owner">Id of the lease.</param>
    /// <param name="name">Name of the whole file, unique in its lease.</param>
    public async Task<long> LengthAsync(string owner, string name, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(
            "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM rewas_parts WHERE owner = @owner AND name = @name", new { owner, name });
    }

    /// <summary>Stores the next part.</summary>
    /// <param name="first">Offset of its first byte.</param>
    /// <param name="path">File with the part's bytes.</param>
    /// <exception cref="InputFault">Precondition: the parts do not end at that offset, because another call sent the same part.</exception>
    public async Task AppendAsync(string owner, string name, long first, string path, CancellationToken cancellation)
    {
        var key = $"leases/{owner}/{Guid.NewGuid():n}";
        await files.StoreAsync(key, owner, path, cancellation);
        var bytes = new FileInfo(path).Length;
        var added = await database.ChangeAsync(
            async transaction =>
            {
                await database.LockAsync(transaction, owner);
                return !await LeaseTable.LockAsync(transaction, owner) ? 0 : await transaction.Connection!.ExecuteAsync(
                    """
                    INSERT INTO rewas_parts (owner, name, first, bytes, key) SELECT @owner, @name, @first, @bytes, @key
                    WHERE @first = (SELECT COALESCE(SUM(p.bytes), 0) FROM rewas_parts p WHERE p.owner = @owner AND p.name = @name)
                    """,
                    new { owner, name, first, bytes, key },
                    transaction);
            },
            cancellation);
        if (added == 1)
            return;
        await files.DeleteAsync(key, cancellation);
        throw InputFault.Precondition("offset", $"{first} is not where the file goes on; another call sends it too");
    }

    /// <summary>The next bytes from an offset, of one part at most; empty if no more have come.</summary>
    public async Task<byte[]> ReadAsync(string owner, string name, long from, int most, CancellationToken cancellation)
    {
        var next = await database.QueryAsync<(long First, string Key)>(
            "SELECT first, key FROM rewas_parts WHERE owner = @owner AND name = @name AND first <= @from AND first + bytes > @from",
            new { owner, name, from },
            cancellation);
        if (next.Count == 0)
            return [];
        await using var part = await files.OpenAsync(next[0].Key, cancellation);
        var skipped = new byte[from - next[0].First];
        await part.ReadExactlyAsync(skipped, cancellation);
        var bytes = new byte[most];
        return bytes[..await part.ReadAtLeastAsync(bytes, most, throwOnEndOfStream: false, cancellation)];
    }

    /// <summary>Copies the whole file to a path of this machine. The copy appears whole or not at all.</summary>
    public async Task CopyAsync(string owner, string name, string path, CancellationToken cancellation)
    {
        var partial = $"{path}.{Guid.NewGuid():n}.partial";
        try
        {
            await using (var to = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                foreach (var key in await KeysAsync(owner, name, cancellation))
                {
                    await using var from = await files.OpenAsync(key, cancellation);
                    await from.CopyToAsync(to, cancellation);
                }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Deletes all parts.</summary>
    public async Task DeleteAsync(string owner, string name, CancellationToken cancellation)
    {
        var keys = await KeysAsync(owner, name, cancellation);
        await database.ExecuteAsync("DELETE FROM rewas_parts WHERE owner = @owner AND name = @name", new { owner, name }, cancellation);
        foreach (var key in keys)
            await files.DeleteAsync(key, cancellation);
    }

    Task<IReadOnlyList<string>> KeysAsync(string owner, string name, CancellationToken cancellation) => database.QueryAsync<string>(
        "SELECT key FROM rewas_parts WHERE owner = @owner AND name = @name ORDER BY first", new { owner, name }, cancellation);
}
