using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Import;

/// <summary>A file to download.</summary>
/// <param name="Name">A source's name, or "tokenizer".</param>
/// <param name="Bytes">Length, if published.</param>
/// <param name="Sha256">SHA-256, lower-case hexadecimal, if published.</param>
public sealed record PublishedFile(string Name, string File, Uri Url, long? Bytes = null, string? Sha256 = null);

/// <summary>Download locations of a bundle's files, from <c>published-files.json</c> or another file of that form.</summary>
public sealed record PublishedFiles(string Name, IReadOnlyList<PublishedFile> Files)
{
    public const string Tokenizer = "tokenizer";
    const string Resource = "published-files.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The locations known to this version.</summary>
    public static PublishedFiles BuiltIn()
    {
        using var stream = typeof(PublishedFiles).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<PublishedFiles>(stream, Json)!;
    }

    /// <summary>Reads locations from a user's file, such as those of a mirror.</summary>
    /// <exception cref="InputFault">The file cannot be read.</exception>
    public static PublishedFiles Load(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var files = JsonSerializer.Deserialize<PublishedFiles>(stream, Json) ?? throw new JsonException("it is null");
            return files.Files.All(f => Path.GetFileName(f.File) == f.File && f.File.Length > 0
                && f.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" })
                ? files
                : throw new JsonException("every file must be a plain name, every url http or https");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("locations", $"'{path}': {e.Message}", e);
        }
    }
}
