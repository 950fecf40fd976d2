using System.Buffers.Binary;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Wav;

/// <summary>The part of a RIFF or RF64 WAVE file that precedes its samples.</summary>
/// <param name="DataBytes">Length of the sample data, or null if it reaches to the end of the stream.</param>
sealed record WavHeader(WavFormat Format, ulong? DataBytes)
{
    const uint UnknownSize = 0xFFFFFFFF;                                     // programs write this into a pipe; RF64 always uses it
    const int FormatChunkBytes = 16, Ds64ChunkBytes = 28, DataSizeInDs64 = 8;
    const int LongestChunk = 1 << 16;                                        // of the chunks that are read whole

    public static async Task<WavHeader> ReadAsync(BoundedReader reader, WavLimits limits, string field, CancellationToken cancellationToken)
    {
        var riff = new byte[12];
        if (await reader.ReadUpToAsync(riff, cancellationToken) < riff.Length || !IsWave(riff))
            throw InputFault.Invalid(field, "not a RIFF/WAVE file");
        WavFormat? format = null;
        ulong? longDataSize = null;
        while (true)
        {
            var chunk = await reader.ReadExactlyAsync(8, "its chunks", cancellationToken);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (Is(chunk, "data"u8))
                return new(
                    format ?? throw InputFault.Invalid(field, "the data chunk comes before the format chunk"),
                    size == UnknownSize ? longDataSize : size);
            if (Is(chunk, "fmt "u8))
                format = WavFormat.Parse(await ReadChunkAsync("the format chunk", size, FormatChunkBytes), limits, field);
            else if (Is(chunk, "ds64"u8))
                longDataSize = BinaryPrimitives.ReadUInt64LittleEndian(
                    (await ReadChunkAsync("the ds64 chunk", size, Ds64ChunkBytes)).AsSpan(DataSizeInDs64));
            else
                await reader.SkipAsync(Padded(size), "a chunk", cancellationToken);
        }

        async Task<byte[]> ReadChunkAsync(string what, uint size, int least)
        {
            if (size < least || size > LongestChunk)
                throw InputFault.Invalid(field, $"{what} must have {least} to {LongestChunk} bytes, but has {size}");
            return await reader.ReadExactlyAsync((int)Padded(size), what, cancellationToken);
        }
    }

    /// <summary>Size including the padding byte, because chunks begin at even offsets.</summary>
    static long Padded(uint size) => size + (size & 1L);

    static bool Is(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> name) => chunk.StartsWith(name);

    static bool IsWave(ReadOnlySpan<byte> riff) =>
        (riff.StartsWith("RIFF"u8) || riff.StartsWith("RF64"u8)) && riff[8..].SequenceEqual("WAVE"u8);
}
