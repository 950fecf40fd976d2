using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Settings;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>
/// Seals a key or token for a cookie, so that the browser's store holds neither. The seal ends with time, and no page can read or change
/// it.
/// </summary>
sealed class SessionSeal(IOptions<WebOptions> options, TimeProvider time) : IDisposable
{
    const int TimeBytes = sizeof(long);

    static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize, TagBytes = AesGcm.TagByteSizes.MaxSize;

    readonly AesGcm cipher = new(
        options.Value.SessionKey is { Length: > 0 } key
            ? Convert.FromBase64String(key)
            : RandomNumberGenerator.GetBytes(WebOptions.KeyBytes),
        AesGcm.TagByteSizes.MaxSize);

    /// <param name="secret">A key or token.</param>
    public string Seal(string secret)
    {
        var clear = new byte[TimeBytes + Encoding.UTF8.GetByteCount(secret)];
        BinaryPrimitives.WriteInt64LittleEndian(clear, (time.GetUtcNow() + options.Value.SessionLifetime).ToUnixTimeMilliseconds());
        Encoding.UTF8.GetBytes(secret, clear.AsSpan(TimeBytes));
        var sealedBytes = new byte[NonceBytes + TagBytes + clear.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var tag = sealedBytes.AsSpan(NonceBytes, TagBytes);
        RandomNumberGenerator.Fill(nonce);
        cipher.Encrypt(nonce, clear, sealedBytes.AsSpan(NonceBytes + TagBytes), tag);
        return Base64Url.EncodeToString(sealedBytes);
    }

    /// <summary>The key or token; null if the seal is broken or has ended.</summary>
    public string? Open(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var sealedBytes = Base64Url.DecodeFromChars(text);
        if (sealedBytes.Length < NonceBytes + TagBytes + TimeBytes)
            return null;
        var clear = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        try
        {
            cipher.Decrypt(
                sealedBytes.AsSpan(0, NonceBytes),
                sealedBytes.AsSpan(NonceBytes + TagBytes),
                sealedBytes.AsSpan(NonceBytes, TagBytes),
                clear);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return BinaryPrimitives.ReadInt64LittleEndian(clear) > time.GetUtcNow().ToUnixTimeMilliseconds()
            ? Encoding.UTF8.GetString(clear.AsSpan(TimeBytes))
            : null;
    }

    public void Dispose() => cipher.Dispose();
}
