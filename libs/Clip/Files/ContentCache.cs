using System.Security.Cryptography;
using Rewas.Clip.Faults;

namespace Rewas.Clip.Files;

/// <summary>
/// A bounded cache on disk. Keys are hashes of all inputs of the content. It is safe between processes: an entry appears whole or not at
/// all, and a damaged entry counts as missing. The least recently used entries are evicted first. A failure to write is ignored.
/// </summary>
/// <param name="folder">Created with the first entry.</param>
/// <param name="ending">File name suffix of the entries. Caches with different suffixes may share a folder.</param>
/// <param name="maximumBytes">
/// Limit for all entries together. An entry counts as at least 32 KiB, so that there are never so many that listing them takes long.
/// </param>
public sealed class ContentCache(string folder, string ending, long maximumBytes)
{
    const long LeastEntryBytes = 32 << 10;

    /// <summary>Share of the limit, 1 / 16, that is freed by a trim and stored before the next one.</summary>
    const int TrimmedShare = 16;

    /// <summary>Bytes that may be stored before the folder is listed again. The first entry of a process finds what others left.</summary>
    long room;

    /// <summary>The content stored under a key, or null.</summary>
    public byte[]? Find(string key)
    {
        var path = PathOf(key);
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < SHA256.HashSizeInBytes)
                return null;
            var content = bytes[..^SHA256.HashSizeInBytes];
            if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length)))
                return null;
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);                 // marks the entry as recently used
            return content;
        }
        catch (Exception e) when (FileFault.IsExpected(e))
        {
            return null;                                                     // missing, or just removed by another process
        }
    }

    /// <summary>Stores content under a key and replaces older content.</summary>
    public void Store(string key, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var partial = PartialFile.Create(PathOf(key), "cache");
            File.WriteAllBytes(partial.Path, [.. content, .. SHA256.HashData(content)]);
            partial.Complete(flushed: false);                                // a power cut may damage it; the hash detects that
            if (Interlocked.Add(ref room, -Counted(content.Length + SHA256.HashSizeInBytes)) <= 0)
                Trim();
        }
        catch (Exception e) when (FileFault.IsExpected(e) || e is InputFault)
        {
        }
    }

    string PathOf(string key) => Path.Combine(folder, key + ending);

    static long Counted(long bytes) => Math.Max(bytes, LeastEntryBytes);

    void Trim()
    {
        var freed = maximumBytes / TrimmedShare;
        Interlocked.Exchange(ref room, freed);
        var left = maximumBytes - freed;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFiles("*" + ending)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .ToList())
        {
            left -= Counted(entry.Length);
            if (left < 0)
                entry.Delete();
        }
    }
}
