using Google.Protobuf;
using Rewas.Faults;
using Rewas.Protocol;

namespace Rewas.Hosting;

/// <summary>A file that comes over the wire in chunks, read front to back. Ends the upload as soon as it is too large.</summary>
/// <param name="chunks">The chunks.</param>
/// <param name="field">How faults name the file.</param>
/// <param name="maxBytes">Largest file.</param>
public sealed class UploadStream(IAsyncEnumerator<ByteString> chunks, string field, long maxBytes) : ForwardStream
{
    ReadOnlyMemory<byte> rest;

    /// <summary>Bytes that have come.</summary>
    public long Received { get; private set; }

    /// <summary>Refuses a file before it comes, by the length that the caller states.</summary>
    /// <exception cref="InputFault">It is too large.</exception>
    public static void ThrowIfTooLarge(string field, long bytes, long maxBytes)
    {
        if (bytes > maxBytes)
            throw TooLarge(field, maxBytes, $"{bytes}");
    }

    /// <exception cref="InputFault">Too large, or a chunk that is empty or too large.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (rest.IsEmpty && !await NextChunkAsync())
            return 0;
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    async Task<bool> NextChunkAsync()
    {
        if (!await chunks.MoveNextAsync())
            return false;
        rest = chunks.Current.Memory;
        if (rest.Length is 0 or > MessageLimits.ChunkBytes)
            throw InputFault.Invalid("chunk", $"must have 1 to {MessageLimits.ChunkBytes} bytes, but has {rest.Length}");
        Received += rest.Length;
        return Received <= maxBytes ? true : throw TooLarge(field, maxBytes, "more");
    }

    static InputFault TooLarge(string field, long maxBytes, string found) => InputFault.Exhausted(field, $"must have at most {maxBytes} bytes, but has {found}");
}
