using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Faults;

namespace Rewas.Import;

/// <summary>A file to download.</summary>
/// <param name="Name">The source that it is, or "tokenizer".</param>
/// <param name="File">Its file name.</param>
/// <param name="Url">Where it is published.</param>
/// <param name="Bytes">Its length, if its publisher says.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal, if its publisher says.</param>
public sealed record PublishedFile(string Name, string File, Uri Url, long? Bytes = null, string? Sha256 = null);

/// <summary>Where the files of a bundle are published: the data file <c>published-files.json</c>, or another of its form.</summary>
/// <param name="Name">Name of the bundle.</param>
/// <param name="Files">All that the import needs.</param>
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

    /// <summary>The locations that this version knows.</summary>
    public static PublishedFiles BuiltIn()
    {
        using var stream = typeof(PublishedFiles).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<PublishedFiles>(stream, Json)!;
    }

    /// <summary>Locations in a file of the user: a mirror.</summary>
    /// <exception cref="InputFault">It cannot be read.</exception>
    public static PublishedFiles Load(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var files = JsonSerializer.Deserialize<PublishedFiles>(stream, Json) ?? throw new JsonException("it is null");
            return files.Files.All(f => Path.GetFileName(f.File) == f.File && f.File.Length > 0 && f.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" })
                ? files
                : throw new JsonException("every file must be a plain name, every url http or https");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw InputFault.Invalid("locations", $"'{path}': {e.Message}", e);
        }
    }
}
