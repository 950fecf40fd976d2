using Rewas.Clip.Faults;

namespace Rewas.Sound.Wav;

/// <summary>Reads a stream forward, up to a byte limit.</summary>
sealed class BoundedReader(Stream stream, long maxBytes, string field)
{
    const int SkipBytes = 1 << 16;
    long bytesRead;

    /// <summary>Fills the buffer as far as the stream goes.</summary>
    public async ValueTask<int> ReadUpToAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        bytesRead += count;
        if (bytesRead > maxBytes)
            throw InputFault.Exhausted(field, $"at most {maxBytes} bytes are accepted, but there are more");
        return count;
    }

    /// <param name="count">Must be small; the caller checks it.</param>
    /// <param name="what">Names the missing part in the error message.</param>
    public async ValueTask<byte[]> ReadExactlyAsync(int count, string what, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        if (await ReadUpToAsync(bytes, cancellationToken) < count)
            throw InputFault.Invalid(field, $"truncated: it ends inside {what}");
        return bytes;
    }

    public async ValueTask SkipAsync(long count, string what, CancellationToken cancellationToken)
    {
        var scrap = new byte[(int)Math.Min(count, SkipBytes)];
        for (; count > 0; count -= scrap.Length)
        {
            var part = scrap.AsMemory(0, (int)Math.Min(count, scrap.Length));
            if (await ReadUpToAsync(part, cancellationToken) < part.Length)
                throw InputFault.Invalid(field, $"truncated: it ends inside {what}");
        }
    }
}
