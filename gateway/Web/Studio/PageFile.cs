using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Rewas.Bundles;

namespace Rewas.Gateway.Web.Studio;

/// <summary>A file of the studio's page, as it was built into this assembly.</summary>
sealed class PageFile
{
    const string Prefix = "studio/";

    /// <summary>Types of the page's files. Another file is not part of the page.</summary>
    static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    readonly LoadedOnce<byte[]> brotli, gzip;

    PageFile(string name, byte[] bytes)
    {
        (Name, Bytes) = (name, bytes);
        MediaType = MediaTypes[Path.GetExtension(name)];
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        brotli = new(() => Compressed(output => new BrotliStream(output, CompressionLevel.SmallestSize)));
        gzip = new(() => Compressed(output => new GZipStream(output, CompressionLevel.SmallestSize)));
    }

    /// <summary>Every file of the page, by its name.</summary>
    public static FrozenDictionary<string, PageFile> All { get; } = typeof(PageFile).Assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(resource => new PageFile(resource[Prefix.Length..], Read(resource)))
        .ToFrozenDictionary(file => file.Name);

    public string Name { get; }

    public byte[] Bytes { get; }

    public string MediaType { get; }

    /// <summary>Changes with the content.</summary>
    public string Hash { get; }

    /// <summary>The bytes in the smallest coding that a client accepts.</summary>
    /// <param name="accepted">The header Accept-Encoding.</param>
    /// <returns>The coding; null for none.</returns>
    public (byte[] Bytes, string? Coding) In(string accepted)
    {
        var codings = accepted.Split(',', StringSplitOptions.TrimEntries);
        return codings.Any(coding => Accepts(coding, "br")) ? (brotli.Value, "br")
            : codings.Any(coding => Accepts(coding, "gzip")) ? (gzip.Value, "gzip")
            : (Bytes, null);
    }

    static bool Accepts(string coding, string name) =>
        coding.Split(';', StringSplitOptions.TrimEntries) is [var first, .. var parameters]
        && first.Equals(name, StringComparison.OrdinalIgnoreCase) && !parameters.Contains("q=0");

    byte[] Compressed(Func<Stream, Stream> coding)
    {
        using var output = new MemoryStream();
        using (var compressor = coding(output))
            compressor.Write(Bytes);
        return output.ToArray();
    }

    static byte[] Read(string resource)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
