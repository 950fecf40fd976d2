using System.Security.Cryptography;
using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>SHA-256 of a file's content, in lower-case hexadecimal as bundles, sidecars and the wire write it.</summary>
public static class FileHash
{
    /// <summary>Below the size from which arrays lie in the large object heap, which is rarely collected.</summary>
    const int BufferBytes = 64 << 10;

    /// <exception cref="InputFault">Precondition: the file cannot be read.</exception>
    public static string Of(string path)
    {
        try
        {
            using var file = Open(path, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (FileFault.IsExpected(e))
        {
            throw InputFault.Precondition(Path.GetFileName(path), $"cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<string> OfAsync(string path, CancellationToken cancellation)
    {
        await using var file = Open(path, FileOptions.SequentialScan | FileOptions.Asynchronous);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    static FileStream Open(string path, FileOptions options) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, options);
}
