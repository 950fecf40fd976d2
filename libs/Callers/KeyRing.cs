using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Faults;

namespace Rewas.Callers;

/// <summary>The keys that are valid now. Their file is looked at once a second at most, and read when it has changed.</summary>
public sealed class KeyRing(IOptions<CallersOptions> options, TimeProvider time, ILogger<KeyRing> log)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    readonly string path = options.Value.KeysFile;
    readonly Lock gate = new();
    Dictionary<string, KeyEntry> keys = [];
    (DateTime Written, long Length, string Path) read;
    DateTimeOffset looked = DateTimeOffset.MinValue;

    /// <summary>The entry of a key; null, and why, where it opens nothing.</summary>
    /// <returns>What is told of a refusal is no more than its holder knows.</returns>
    public (KeyEntry? Entry, string Refusal) Find(ApiKey key)
    {
        var now = time.GetUtcNow();
        KeyEntry? entry;
        lock (gate)
        {
            if (path.Length > 0 && now - looked >= LookInterval)
                Look(now);
            keys.TryGetValue(key.Id, out entry);
        }
        // Compared in constant time, and also where there is nothing to compare with.
        var same = CryptographicOperations.FixedTimeEquals(key.Hash(), entry is null ? NoHash : Convert.FromHexString(entry.Sha256));
        return !same || entry is null ? (null, "the key is not known")
            : entry.Revoked is not null ? (null, "the key is revoked")
            : entry.Expires <= now ? (null, "the key has expired")
            : (entry, "");
    }

    void Look(DateTimeOffset now)
    {
        looked = now;
        var file = KeysFile.Target(path);
        var found = file.Exists ? (file.LastWriteTimeUtc, file.Length, file.FullName) : default;
        if (found == read && (read != default || keys.Count == 0))
            return;
        try
        {
            keys = file.Exists ? KeysFile.Read(path).ToDictionary(entry => entry.Id) : [];
            log.KeysRead(keys.Count, path);
        }
        catch (InputFault fault)
        {
            log.KeysNotRead(fault.Message, keys.Count);                      // those that were read before stay
        }
        read = found;
    }
}
