using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Protocol;

namespace Rewas.Hosting;

/// <summary>A file that arrives in chunks, read as a forward-only stream. The upload ends as soon as the file is too large.</summary>
/// <param name="field">Names the file in errors.</param>
/// <param name="maxBytes">Largest accepted file.</param>
/// <param name="rate">The least rate of the upload; null for none.</param>
public sealed class UploadStream(IAsyncEnumerator<ByteString> chunks, string field, long maxBytes, UploadRate? rate = null)
    : ForwardStream
{
    ReadOnlyMemory<byte> rest;

    /// <summary>Bytes received so far.</summary>
    public long Received { get; private set; }

    /// <summary>Refuses a file before its upload, by the length that the caller states.</summary>
    /// <exception cref="InputFault">The file is too large.</exception>
    public static void ThrowIfTooLarge(string field, long bytes, long maxBytes)
    {
        if (bytes > maxBytes)
            throw TooLarge(field, maxBytes, $"{bytes}");
    }

    /// <exception cref="InputFault">The file is too large, or a chunk is empty or too large.</exception>
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
        if (!await (rate?.NextAsync(chunks) ?? chunks.MoveNextAsync()))
            return false;
        rest = chunks.Current.Memory;
        if (rest.Length is 0 or > MessageLimits.ChunkBytes)
            throw InputFault.Invalid("chunk", $"must have 1 to {MessageLimits.ChunkBytes} bytes, but has {rest.Length}");
        Received += rest.Length;
        rate?.ThrowIfTooSlow(Received);
        return Received <= maxBytes ? true : throw TooLarge(field, maxBytes, "more");
    }

    static InputFault TooLarge(string field, long maxBytes, string found) =>
        InputFault.Exhausted(field, $"must have at most {maxBytes} bytes, but has {found}");
}
