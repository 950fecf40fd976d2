using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Import;

/// <summary>A file to download.</summary>
/// <param name="Name">A source's name, or "tokenizer".</param>
/// <param name="Bytes">Length, if published.</param>
/// <param name="Sha256">SHA-256, lower-case hexadecimal, if published.</param>
/// <param name="MostBytes">Limit of a file whose length nobody has published.</param>
public sealed record PublishedFile(
    string Name, string File, Uri Url, long? Bytes = null, string? Sha256 = null, long? MostBytes = null);

/// <summary>Download locations of a bundle's files, from <c>published-files.json</c> or another file of that form.</summary>
public sealed record PublishedFiles(string Name, IReadOnlyList<PublishedFile> Files)
{
    public const string Tokenizer = "tokenizer", ClipTokenizer = "clip-tokenizer";

    /// <summary>The name of the bundle that holds CLIP alone.</summary>
    public const string Clip = "clip";

    const string Resource = "published-files.json", ClipResource = "published-clip.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The locations known to this version: of CLIP alone, or of the whole published bundle.</summary>
    public static PublishedFiles BuiltIn(string name = "")
    {
        using var stream = typeof(PublishedFiles).Assembly.GetManifestResourceStream(name == Clip ? ClipResource : Resource)!;
        return JsonSerializer.Deserialize<PublishedFiles>(stream, Json)!;
    }

    /// <summary>True if no file is of a format that can hold code: tensors alone, and text. Checked again when they have come.</summary>
    public bool AreData => Files.All(file => Path.GetExtension(file.File) is SafeFormat.Tensors or SafeFormat.Object or SafeFormat.Lines);

    /// <summary>Reads locations from a user's file, such as those of a mirror.</summary>
    /// <exception cref="InputFault">The file cannot be read.</exception>
    public static PublishedFiles Load(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var files = JsonSerializer.Deserialize<PublishedFiles>(stream, Json) ?? throw new JsonException("it is null");
            return files.Files.All(IsSound)
                ? files
                : throw new JsonException("every file must be a plain name, every url https, or http with a sha256 of 64 digits");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("locations", $"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Plain http says nothing about where a file comes from, so it needs a hash.</summary>
    static bool IsSound(PublishedFile file) =>
        Path.GetFileName(file.File) == file.File && file.File.Length > 0
        && (file.Sha256 is null || NotedHashes.IsHash(file.Sha256))
        && file.Url.IsAbsoluteUri
        && (file.Url.Scheme == Uri.UriSchemeHttps
            || (file.Url.Scheme == Uri.UriSchemeHttp && (file.Sha256 is not null || file.Url.IsLoopback)));
}
