using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Hosting.Access;

/// <summary>The valid keys. The key file is checked at most once per second and read when it has changed.</summary>
public sealed class KeyRing(IOptions<CallersOptions> options, TimeProvider time, ILogger<KeyRing> log)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    readonly string path = options.Value.KeysFile;
    readonly Lock gate = new();
    Dictionary<string, KeyEntry> keys = [];
    (DateTime Written, long Length, string Path) read;
    DateTimeOffset looked = DateTimeOffset.MinValue;
    string told = "";                                                        // why the file cannot be read, as it was logged

    /// <summary>Finds the entry of a key, or the reason for refusing it.</summary>
    /// <returns>The reason tells no more than the key's holder knows.</returns>
    public (KeyEntry? Entry, string Refusal) Find(ApiKey key)
    {
        var now = time.GetUtcNow();
        var entry = Current(now).GetValueOrDefault(key.Id);
        // Compared in constant time, also if no such key exists.
        var same = CryptographicOperations.FixedTimeEquals(key.Hash(), entry is null ? NoHash : Convert.FromHexString(entry.Sha256));
        return !same || entry is null ? (null, "the key is not known")
            : entry.Revoked is not null ? (null, "the key is revoked")
            : entry.Expires <= now ? (null, "the key has expired")
            : (entry, "");
    }

    /// <summary>The newest valid key of a caller; null if it has none.</summary>
    public KeyEntry? NewestOf(string caller)
    {
        var now = time.GetUtcNow();
        return Current(now).Values
            .Where(entry => entry.Caller == caller && entry.Revoked is null && !(entry.Expires <= now))
            .MaxBy(entry => entry.Created);
    }

    /// <summary>The keys by their id. The dictionary is replaced and never changed.</summary>
    Dictionary<string, KeyEntry> Current(DateTimeOffset now)
    {
        lock (gate)
        {
            if (path.Length > 0 && (now - looked).Duration() >= LookInterval)
                Look(now);
            return keys;
        }
    }

    void Look(DateTimeOffset now)
    {
        looked = now;
        try
        {
            var file = KeysFile.Target(path);
            var found = file.Exists ? (file.LastWriteTimeUtc, file.Length, file.FullName) : default;
            if (found != read || (read == default && keys.Count > 0))
            {
                keys = file.Exists ? KeysFile.Read(path).ToDictionary(entry => entry.Id) : [];
                read = found;
                log.KeysRead(keys.Count, path);
            }
            told = "";
        }
        catch (InputFault fault)
        {
            NotRead(fault);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            NotRead(FileFault.Reading("keys", path, failure));
        }
    }

    /// <summary>
    /// Keys read earlier stay valid. The file is read again each second until it can be read: nothing of it need change when its mode is
    /// corrected or this machine has files to open again, and it may revoke keys.
    /// </summary>
    void NotRead(InputFault fault)
    {
        if (fault.Message != told)
            log.KeysNotRead(fault.Message, keys.Count);
        told = fault.Message;
    }
}
