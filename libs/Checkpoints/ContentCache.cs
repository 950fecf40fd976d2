using System.Security.Cryptography;
using Rewas.Faults;

namespace Rewas.Checkpoints;

/// <summary>
/// Bytes on disk by a key that is a hash of all they were computed from. Safe between processes: an entry appears whole or not at all, and one that was damaged is none.
/// Bounded: the entries that were used longest ago go first. A cache that cannot be written is no failure.
/// </summary>
/// <param name="folder">Created when the first entry comes.</param>
/// <param name="ending">Of the entries' files; caches with different ones may share a folder.</param>
/// <param name="maximumBytes">Of all entries.</param>
public sealed class ContentCache(string folder, string ending, long maximumBytes)
{
    /// <summary>What was stored under a key, or null.</summary>
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
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);                 // used just now
            return content;
        }
        catch (Exception e) when (FileFault.IsExpected(e))
        {
            return null;                                                     // not there, or just removed by another process
        }
    }

    /// <summary>Stores under a key, replacing what was there.</summary>
    public void Store(string key, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var partial = PartialFile.Create(PathOf(key), "cache");
            File.WriteAllBytes(partial.Path, [.. content, .. SHA256.HashData(content)]);
            partial.Complete(flushed: false);                                // the hash tells what a power cut has damaged
            Trim();
        }
        catch (Exception e) when (FileFault.IsExpected(e) || e is InputFault)
        {
        }
    }

    string PathOf(string key) => Path.Combine(folder, key + ending);

    void Trim()
    {
        var left = maximumBytes;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFiles("*" + ending).OrderByDescending(file => file.LastWriteTimeUtc).ToList())
        {
            left -= entry.Length;
            if (left < 0)
                entry.Delete();
        }
    }
}
