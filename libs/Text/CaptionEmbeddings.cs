using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Rewas.Bundles;

namespace Rewas.Text;

/// <summary>
/// Precomputed sentence embeddings of the texts that programs compare prompts with. Two thousand of them would otherwise take ten seconds
/// at the first prompt. <c>rewas models embed-captions</c> writes the file. A missing text is encoded on demand.
/// </summary>
public static class CaptionEmbeddings
{
    /// <summary>A row is 8 bytes of the text's SHA-256 and 384 float16 values, little-endian.</summary>
    const int KeyBytes = sizeof(ulong), RowBytes = KeyBytes + SentenceEncoder.Channels * 2;

    static readonly LoadedOnce<Dictionary<ulong, ReadOnlyMemory<byte>>> rows = new(Read);

    /// <summary>A text's embedding [384], of unit length up to float16 rounding; null if the file lacks it.</summary>
    public static float[]? Of(string text)
    {
        if (!rows.Value.TryGetValue(Key(text), out var row))
            return null;
        var embedding = new float[SentenceEncoder.Channels];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(row.Span), embedding);
        return embedding;
    }

    /// <summary>Writes the file.</summary>
    public static void Write(Stream output, IEnumerable<string> texts)
    {
        var row = new byte[RowBytes];
        foreach (var text in texts.Distinct())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(row, Key(text));
            TensorPrimitives.ConvertToHalf(SentenceEncoder.Shared.Encode(text), MemoryMarshal.Cast<byte, Half>(row.AsSpan(KeyBytes)));
            output.Write(row);
        }
    }

    static ulong Key(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static Dictionary<ulong, ReadOnlyMemory<byte>> Read()
    {
        using var stream = typeof(CaptionEmbeddings).Assembly.GetManifestResourceStream("Rewas.Text.captions.embeddings")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Enumerable.Range(0, bytes.Length / RowBytes).Select(i => bytes.AsMemory(i * RowBytes, RowBytes))
            .ToDictionary(row => BinaryPrimitives.ReadUInt64LittleEndian(row.Span), row => (ReadOnlyMemory<byte>)row[KeyBytes..]);
    }
}
