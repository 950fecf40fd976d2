using System.Security.Cryptography;
using Rewas.Faults;

namespace Rewas.Checkpoints;

static class FileHash
{
    /// <summary>SHA-256 of a file's content, lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition(Path.GetFileName(path), $"cannot be read: {e.Message}", e);
        }
    }
}
