using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rewas.Callers;

/// <summary>A key as its caller holds it: "rewas_ID_SECRET", the secret 256 random bits. Only its hash is kept.</summary>
/// <param name="Id">By which it is found and revoked; no secret.</param>
/// <param name="Text">All of it.</param>
public sealed record ApiKey(string Id, string Text)
{
    const string Prefix = "rewas_";
    const int IdBytes = 6, SecretBytes = 32, LongestText = 128;

    public static ApiKey New()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>A key by its form; null for anything else.</summary>
    public static ApiKey? TryParse(string text)
    {
        if (text.Length > LongestText || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var rest = text[Prefix.Length..];
        return rest.IndexOf('_', StringComparison.Ordinal) is 2 * IdBytes and var end ? new(rest[..end], text) : null;
    }

    /// <summary>SHA-256, which is enough for a secret that nobody can guess.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <summary>Without the secret: what is logged by mistake must not open anything.</summary>
    public override string ToString() => $"{Prefix}{Id}_...";
}
