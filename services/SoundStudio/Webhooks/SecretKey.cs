using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Settings;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>
/// Encrypts the secrets of webhooks in the database with AES-256-GCM. The key is not in the database, so a copy of the database alone gives
/// no secret. It is a setting, or a file in the store's folder that only this user can read.
/// </summary>
public sealed class SecretKey(IOptions<WebhookOptions> options, IOptions<StoreOptions> store)
{
    const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;
    const string FileName = "webhooks.key";

    readonly Lazy<byte[]> key = new(() => KeyOf(options.Value, store.Value), LazyThreadSafetyMode.PublicationOnly);

    /// <param name="owner">What the secret belongs to. It opens for nothing else.</param>
    /// <exception cref="InputFault">Precondition: there is no key.</exception>
    public byte[] Seal(string secret, string owner)
    {
        var plain = Encoding.ASCII.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Value, TagBytes);
        cipher.Encrypt(
            nonce, plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(owner));
        return sealedBytes;
    }

    /// <returns>Null if another key has sealed it.</returns>
    public string? Open(byte[] sealedBytes, string owner)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key.Value, TagBytes);
        try
        {
            cipher.Decrypt(
                sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes),
                plain, Encoding.UTF8.GetBytes(owner));
            return Encoding.ASCII.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Why a key setting is wrong; null if it can be used.</summary>
    public static string? FaultOf(string text)
    {
        var bytes = new byte[KeyBytes + 1];
        return text.Length == 0 || (Convert.TryFromBase64String(text, bytes, out var count) && count == KeyBytes)
            ? null : $"Webhooks:Key: must be {KeyBytes} bytes in base64";
    }

    static byte[] KeyOf(WebhookOptions options, StoreOptions store)
    {
        if (options.Key.Length > 0)
            return Convert.FromBase64String(options.Key);
        if (store.Postgres.Length > 0)
            throw InputFault.Precondition("Webhooks:Key", "must be set, because several machines may share the database");
        var path = Path.Combine(store.FolderPath(), FileName);
        return File.Exists(path) ? Read(path) : Make(path);
    }

    static byte[] Read(string path) => File.ReadAllBytes(path) is { Length: KeyBytes } bytes
        ? bytes : throw InputFault.Precondition("Webhooks:Key", $"{path} must have {KeyBytes} bytes");

    /// <summary>Makes the file whole or not at all. Another process may make it at the same time; then that one counts.</summary>
    static byte[] Make(string path)
    {
        var partial = $"{path}.{Guid.NewGuid():n}";
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(partial, mode))
                file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            File.Move(partial, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
        finally
        {
            File.Delete(partial);
        }
        return Read(path);
    }
}
