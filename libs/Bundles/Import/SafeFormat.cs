using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Import;

/// <summary>Formats that hold data only. A downloaded file must be what its name says; a pickle, which may hold code, is refused.</summary>
public static class SafeFormat
{
    public const string Tensors = ".safetensors", Object = ".json", Lines = ".txt";

    /// <summary>Most bytes of the header of a file of tensors, as its format says.</summary>
    const long MostHeaderBytes = 100_000_000;

    /// <summary>Deletes a file that is not what its name says.</summary>
    /// <exception cref="InputFault">The file is something else.</exception>
    public static void ThrowUnless(string path)
    {
        var why = "what came is something else";
        try
        {
            if (Is(path))
                return;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            why = $"what came cannot be read: {e.Message}";
        }
        File.Delete(path);
        throw InputFault.Precondition(
            Path.GetFileName(path), $"must be {NameOf(Path.GetExtension(path))}, but {why}; it was deleted");
    }

    static string NameOf(string extension) => extension switch
    {
        Tensors => "a file of tensors (safetensors)",
        Object => "a JSON object",
        _ => "lines of text in UTF-8",
    };

    static bool Is(string path)
    {
        using var stream = File.OpenRead(path);
        switch (Path.GetExtension(path))
        {
            case Tensors:
                Span<byte> start = stackalloc byte[sizeof(ulong) + 1];
                return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                    && BinaryPrimitives.ReadUInt64LittleEndian(start) is var header and <= MostHeaderBytes
                    && (long)header + sizeof(ulong) <= stream.Length && start[sizeof(ulong)] == '{';
            case Object:
                using (var json = JsonDocument.Parse(stream))
                    return json.RootElement.ValueKind == JsonValueKind.Object;
            case Lines:
                using (var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true)))
                    while (reader.ReadLine() is { } line)
                        if (line.Contains('\0', StringComparison.Ordinal))
                            return false;
                return true;
            default:
                return false;
        }
    }
}
