using System.Data.Common;
using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Protocol;

namespace Rewas.Store.Files;

/// <summary>
/// One call that sends a file, or goes on with one. Parts are stored as they fill up. What came before a call broke off is stored too.
/// </summary>
public sealed class PartUpload(StoredParts parts, string owner, string name, long received, string field) : IAsyncDisposable
{
    /// <summary>Bytes of a part. A replica that is killed loses less than this of an upload.</summary>
    const int PartBytes = 8 << 20;

    /// <summary>Time in which the last part of a broken call must be stored.</summary>
    static readonly TimeSpan LastPart = TimeSpan.FromSeconds(10);

    readonly PrivateFolder folder = PrivateFolder.Create("rewas-upload-");
    FileStream? part;

    /// <summary>Bytes that have come, stored or not.</summary>
    public long Received { get; private set; } = received;

    /// <exception cref="InputFault">The chunk is empty, too large, or exceeds the limit.</exception>
    public async Task WriteAsync(ByteString chunk, long maxBytes, string limit, CancellationToken cancellation)
    {
        if (chunk.Length is 0 or > MessageLimits.ChunkBytes)
            throw InputFault.Invalid("chunk", $"must have 1 to {MessageLimits.ChunkBytes} bytes, but has {chunk.Length}");
        if (Received + chunk.Length > maxBytes)
            throw InputFault.Exhausted(field, $"must have at most {maxBytes} bytes ({limit}), but has more");
        part ??= new(folder.File("part"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        await part.WriteAsync(chunk.Memory, cancellation);
        Received += chunk.Length;
        if (part.Length >= PartBytes)
            await StoreAsync(cancellation);
    }

    /// <summary>Stores what has come.</summary>
    public async Task StoreAsync(CancellationToken cancellation)
    {
        if (part is null)
            return;
        var bytes = part.Length;
        await part.DisposeAsync();
        part = null;
        await parts.AppendAsync(owner, name, Received - bytes, folder.File("part"), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(LastPart);
        try
        {
            await StoreAsync(limit.Token);
        }
        catch (Exception failure) when (
            failure is InputFault or OperationCanceledException or DbException || FileFault.IsExpected(failure))
        {
            // The call has ended already. The caller learns from the stored length what to send again.
        }
        finally
        {
            if (part is not null)
                await part.DisposeAsync();
            folder.Dispose();
        }
    }
}
