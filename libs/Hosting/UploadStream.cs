using Google.Protobuf;
using Rewas.Faults;
using Rewas.Protocol;

namespace Rewas.Hosting;

/// <summary>A file that comes over the wire in chunks, read front to back. Ends the upload as soon as it is too large.</summary>
/// <param name="chunks">The chunks.</param>
/// <param name="field">How faults name the file.</param>
/// <param name="maxBytes">Largest file.</param>
public sealed class UploadStream(IAsyncEnumerator<ByteString> chunks, string field, long maxBytes) : Stream
{
    ReadOnlyMemory<byte> rest;

    /// <summary>Bytes that have come.</summary>
    public long Received { get; private set; }

    /// <summary>Refuses a file before it comes, by the length that the caller states.</summary>
    /// <exception cref="InputFault">It is too large.</exception>
    public static void ThrowIfTooLarge(string field, long bytes, long maxBytes)
    {
        if (bytes > maxBytes)
            throw InputFault.Exhausted(field, $"must have at most {maxBytes} bytes, but has {(bytes == maxBytes + 1 ? "more" : bytes)}");
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
        ThrowIfTooLarge(field, Received > maxBytes ? maxBytes + 1 : Received, maxBytes);
        return true;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("an upload is read asynchronously");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
