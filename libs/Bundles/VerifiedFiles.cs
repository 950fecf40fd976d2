using System.Globalization;
using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles;

/// <summary>
/// Remembers which large files were already verified, by path, length and modification time. Otherwise every service would hash gigabytes
/// at every start. The list is in the user's folder; if that cannot be written, all files are hashed every time.
/// </summary>
public sealed class VerifiedFiles
{
    /// <summary>Smaller files are hashed every time.</summary>
    const long Large = 64 << 20;

    const int MaximumEntries = 1000;

    readonly Dictionary<string, string> hashes;

    VerifiedFiles(Dictionary<string, string> hashes) => this.hashes = hashes;

    static string FilePath => Path.Combine(Path.GetDirectoryName(BundleSearch.UserFolder)!, "verified.json");

    /// <summary>The list as it is now; empty if it cannot be read.</summary>
    public static VerifiedFiles Load()
    {
        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(FilePath)) ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new([]);
        }
    }

    /// <summary>Whether this unchanged file was verified to have the hash.</summary>
    public bool Says(FileInfo file, string sha256) => file.Length >= Large && hashes.GetValueOrDefault(Key(file)) == sha256;

    /// <summary>Adds files to the list.</summary>
    public static void Note(IEnumerable<(FileInfo File, string Sha256)> verified)
    {
        var noted = Load().hashes;
        var news = verified.Where(v => v.File.Length >= Large && noted.GetValueOrDefault(Key(v.File)) != v.Sha256).ToList();
        if (news.Count == 0)
            return;
        if (noted.Count + news.Count > MaximumEntries)
            noted.Clear();
        foreach (var (file, sha256) in news)
            noted[Key(file)] = sha256;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            PartialFile.Write(FilePath, "verified.json", stream => JsonSerializer.Serialize(stream, noted));
        }
        catch (Exception e) when (FileFault.IsExpected(e) || e is InputFault)
        {
            // The files are hashed again next time.
        }
    }

    static string Key(FileInfo file) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.FullName}:{file.Length}:{file.LastWriteTimeUtc.Ticks}");
}
