using System.Security.Cryptography;

namespace Rewas.Protocol;

/// <summary>SHA-256 of a file in the form of wire and sidecars: lower-case hexadecimal.</summary>
public static class FileHash
{
    public static async Task<string> OfAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }
}
