using System.Security.Cryptography;
using Rewas.Clip.Faults;

namespace Rewas.Jobs.Running;

/// <summary>Copies a video up to a size limit and hashes it.</summary>
static class HashedCopy
{
    const int PartBytes = 256 * 1024;

    /// <returns>SHA-256, lower-case hexadecimal.</returns>
    /// <exception cref="InputFault">Exhausted: the video exceeds the limit.</exception>
    public static async Task<string> CopyAsync(Stream from, Stream to, long maxBytes, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[PartBytes];
        var copied = 0L;
        for (int read; (read = await from.ReadAsync(part, cancellation)) > 0;)
        {
            if ((copied += read) > maxBytes)
                throw InputFault.Exhausted("video", $"must have at most {maxBytes} bytes (MaxVideoBytes), but has more");
            hash.AppendData(part, 0, read);
            await to.WriteAsync(part.AsMemory(0, read), cancellation);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
