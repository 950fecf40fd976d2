using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rewas.Hosting.Access;

/// <summary>
/// An API key as its caller holds it: "rewas_ID_SECRET", with a secret of 256 random bits. The server stores only its hash.
/// </summary>
/// <param name="Id">Identifies the key for look-up and revocation. It is not secret.</param>
/// <param name="Text">The whole key, secret included.</param>
public sealed record ApiKey(string Id, string Text)
{
    const string Prefix = "rewas_";
    const int IdBytes = 6, SecretBytes = 32, LongestText = 128;

    public static ApiKey New()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>Parses a key; null if the text does not have the form of one.</summary>
    public static ApiKey? TryParse(string text)
    {
        if (text.Length > LongestText || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var rest = text[Prefix.Length..];
        return rest.IndexOf('_', StringComparison.Ordinal) is 2 * IdBytes and var end ? new(rest[..end], text) : null;
    }

    /// <summary>SHA-256 of the whole key. A plain hash suffices because the secret is random.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <summary>Omits the secret, so that an accidental log entry reveals nothing.</summary>
    public override string ToString() => $"{Prefix}{Id}_...";
}
