using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles;

/// <summary>Reads and writes <c>bundle.json</c>.</summary>
static class BundleManifestFile
{
    public const int MaximumBytes = 1 << 20;
    const string Field = "bundle.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        IgnoreReadOnlyProperties = true,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static (BundleManifest Manifest, string Sha256) Read(string path)
    {
        var bytes = ReadBytes(path);
        try
        {
            CheckFormatVersion(bytes);
            var manifest = JsonSerializer.Deserialize<BundleManifest>(bytes, Json) ?? throw new JsonException("it is null");
            var faults = BundleManifestCheck.Faults(manifest);
            if (faults.Count > 0)
                throw InputFault.Precondition(Field, string.Join("; ", faults));
            return (manifest, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not JSON, or not UTF-8 in a string
        {
            throw InputFault.Precondition(Field, $"'{path}': {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public static void Write(string path, BundleManifest manifest) => PartialFile.Write(path, Field, stream =>
    {
        JsonSerializer.Serialize(stream, manifest, Json);
        stream.Write("\n"u8);
    });

    static byte[] ReadBytes(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaximumBytes)
                throw InputFault.Exhausted(Field, $"has {stream.Length} bytes; the limit is {MaximumBytes}");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputFault.NotFound("bundle", $"'{path}' does not exist", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFault.Precondition(Field, $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Checks the version first, because all other members may differ in a later format.</summary>
    static void CheckFormatVersion(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Json.MaxDepth });
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("formatVersion", out var version))
            throw InputFault.Precondition(Field, "has no formatVersion");
        if (version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number) || number != BundleManifest.CurrentFormatVersion)
            throw InputFault.Precondition(
                Field, $"formatVersion {version.GetRawText()} is not known; this version reads {BundleManifest.CurrentFormatVersion}");
    }
}
