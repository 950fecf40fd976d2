using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Gateway.Web.Settings;

namespace Rewas.Gateway.Web.Sessions;

/// <summary>
/// Seals a text for a cookie, such as a key or token, so that the browser's store does not hold it. The seal ends with time, is for one
/// purpose, and no page can read or change what it holds.
/// </summary>
sealed class SessionSeal(IOptions<WebOptions> options, TimeProvider time)
{
    const int TimeBytes = sizeof(long);

    static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize, TagBytes = AesGcm.TagByteSizes.MaxSize;

    /// <summary>Each use has a cipher of its own, because requests come at once and a cipher serves one of them.</summary>
    readonly byte[] key = options.Value.SessionKey is { Length: > 0 } text
        ? Convert.FromBase64String(text)
        : RandomNumberGenerator.GetBytes(WebOptions.KeyBytes);

    /// <param name="purpose">The name of the cookie. The seal of another cookie does not open.</param>
    /// <param name="secret">What is sealed.</param>
    /// <param name="lifetime">Time after which it does not open any more.</param>
    public string Seal(string purpose, string secret, TimeSpan lifetime)
    {
        var clear = new byte[TimeBytes + Encoding.UTF8.GetByteCount(secret)];
        BinaryPrimitives.WriteInt64LittleEndian(clear, (time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds());
        Encoding.UTF8.GetBytes(secret, clear.AsSpan(TimeBytes));
        var sealedBytes = new byte[NonceBytes + TagBytes + clear.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var tag = sealedBytes.AsSpan(NonceBytes, TagBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, clear, sealedBytes.AsSpan(NonceBytes + TagBytes), tag, Encoding.UTF8.GetBytes(purpose));
        return Base64Url.EncodeToString(sealedBytes);
    }

    /// <summary>What was sealed; null if the seal is broken, is for another purpose or has ended.</summary>
    public string? Open(string purpose, string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var sealedBytes = Base64Url.DecodeFromChars(text);
        if (sealedBytes.Length < NonceBytes + TagBytes + TimeBytes)
            return null;
        var clear = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(
                sealedBytes.AsSpan(0, NonceBytes),
                sealedBytes.AsSpan(NonceBytes + TagBytes),
                sealedBytes.AsSpan(NonceBytes, TagBytes),
                clear,
                Encoding.UTF8.GetBytes(purpose));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return BinaryPrimitives.ReadInt64LittleEndian(clear) > time.GetUtcNow().ToUnixTimeMilliseconds()
            ? Encoding.UTF8.GetString(clear.AsSpan(TimeBytes))
            : null;
    }
}
