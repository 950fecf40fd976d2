using System.Buffers.Binary;

namespace Rewas.Sound.Wav;

/// <summary>
/// Writes mono sound as a RIFF/WAVE file, part by part. If the length is known, the header is right from the start. Otherwise its sizes are
/// patched at the end if the stream can seek, or stay open (all ones), which means "to the end of the stream".
/// </summary>
public sealed class WavWriter : IAsyncDisposable
{
    const uint UnknownSize = 0xFFFFFFFF;
    const int BufferSamples = 4096;

    readonly Stream stream;
    readonly WavEncoding encoding;
    readonly int sampleRate;
    readonly long? promised;
    readonly long headerPosition;
    readonly byte[] buffer;
    long written;

    WavWriter(Stream stream, int sampleRate, WavEncoding encoding, long? samples)
    {
        (this.stream, this.sampleRate, this.encoding, promised) = (stream, sampleRate, encoding, samples);
        headerPosition = stream.CanSeek ? stream.Position : 0;
        buffer = new byte[BufferSamples * SampleBytes];
    }

    /// <summary>Most samples of an encoding whose size fits RIFF's 32-bit fields.</summary>
    public static long MaxSamples(WavEncoding encoding) => (uint.MaxValue - 64) / Bytes(encoding);

    int SampleBytes => Bytes(encoding);

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Not closed.</param>
    /// <param name="samples">Number of samples that will be written, or null if unknown. Writing more throws.</param>
    public static async Task<WavWriter> CreateAsync(
        Stream stream, int sampleRate, WavEncoding encoding, long? samples = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        if (samples is { } count)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxSamples(encoding), nameof(samples));
        var writer = new WavWriter(stream, sampleRate, encoding, samples);
        await stream.WriteAsync(writer.Header(samples), cancellationToken);
        return writer;
    }

    /// <summary>Appends samples, full scale 1.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken = default)
    {
        written += samples.Length;
        if (written > (promised ?? MaxSamples(encoding)))
            throw new InvalidOperationException($"{written} samples do not fit: there is room for {promised ?? MaxSamples(encoding)}");
        for (; !samples.IsEmpty; samples = samples[Math.Min(samples.Length, BufferSamples)..])
        {
            var count = Math.Min(samples.Length, BufferSamples);
            Encode(samples.Span[..count]);
            await stream.WriteAsync(buffer.AsMemory(0, count * SampleBytes), cancellationToken);
        }
    }

    /// <summary>Patches the header's sizes if they were open and the stream can seek.</summary>
    public async ValueTask DisposeAsync()
    {
        if (promised is null && stream.CanSeek)
        {
            var end = stream.Position;
            stream.Position = headerPosition;
            await stream.WriteAsync(Header(written));
            stream.Position = end;
        }
        await stream.FlushAsync();
    }

    void Encode(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
            if (encoding == WavEncoding.Float32)
                BinaryPrimitives.WriteSingleLittleEndian(buffer.AsSpan(i * sizeof(float)), samples[i]);
            else
                BinaryPrimitives.WriteInt16LittleEndian(
                    buffer.AsSpan(i * sizeof(short)), (short)MathF.Round(Math.Clamp(samples[i], -1, 1) * short.MaxValue));
    }

    /// <summary>The RIFF, fmt, fact (required for floats) and data headers.</summary>
    byte[] Header(long? samples)
    {
        var isFloat = encoding == WavEncoding.Float32;
        var headerBytes = isFloat ? 58 : 44;
        var dataBytes = samples is { } count ? (uint)(count * SampleBytes) : UnknownSize;
        var header = new MemoryStream(headerBytes);
        using var fields = new BinaryWriter(header);                         // little-endian on every platform
        fields.Write("RIFF"u8);
        fields.Write(samples is null ? UnknownSize : (uint)headerBytes - 8 + dataBytes);
        fields.Write("WAVEfmt "u8);
        fields.Write(isFloat ? 18 : 16);
        fields.Write((short)(isFloat ? 3 : 1));
        fields.Write((short)1);                                              // channels
        fields.Write(sampleRate);
        fields.Write(sampleRate * SampleBytes);
        fields.Write((short)SampleBytes);
        fields.Write((short)(SampleBytes * 8));
        if (isFloat)
        {
            fields.Write((short)0);
            fields.Write("fact"u8);
            fields.Write(4);
            fields.Write(samples is { } known ? (uint)known : UnknownSize);
        }
        fields.Write("data"u8);
        fields.Write(dataBytes);
        return header.ToArray();
    }

    static int Bytes(WavEncoding encoding) => encoding == WavEncoding.Float32 ? sizeof(float) : sizeof(short);
}
