using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles.Import;

/// <summary>
/// The SHA-256 of each file of a download folder, in its file SHA256SUMS, which `sha256sum -c` reads too. A file whose hash nobody has
/// published is noted when it first comes, and must be the same from then on.
/// </summary>
public sealed class NotedHashes
{
    const string FileName = "SHA256SUMS", Between = "  ";
    const int HashCharacters = 64;

    readonly string path;
    readonly SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);

    /// <exception cref="InputFault">The file is there and cannot be read.</exception>
    public NotedHashes(string folder)
    {
        path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return;
        foreach (var line in File.ReadAllLines(path))
        {
            if (line.Length <= HashCharacters + Between.Length || !IsHash(line[..HashCharacters])
                || line.Substring(HashCharacters, Between.Length) != Between)
                throw InputFault.Invalid("downloads", $"'{path}' must have lines of a SHA-256, two spaces and a name, but has '{line}'");
            hashes[line[(HashCharacters + Between.Length)..]] = line[..HashCharacters];
        }
    }

    /// <summary>The noted hash of a file; null if it is not noted.</summary>
    public string? this[string file] => hashes.GetValueOrDefault(file);

    public void Note(string file, string sha256)
    {
        if (hashes.TryGetValue(file, out var known) && known == sha256)
            return;
        hashes[file] = sha256;
        using var partial = PartialFile.Create(path, "downloads");
        File.WriteAllLines(partial.Path, hashes.Select(one => one.Value + Between + one.Key));
        partial.Complete();
    }

    /// <summary>Whether a text is a SHA-256 in lower-case hexadecimal.</summary>
    public static bool IsHash(string text) => text.Length == HashCharacters && text.All(char.IsAsciiHexDigitLower);
}
