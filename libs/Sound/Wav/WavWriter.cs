using System.Buffers.Binary;

namespace Rewas.Sound.Wav;

/// <summary>
/// Writes sound as a RIFF/WAVE file, part by part. If the length is known, the header is right from the start, and a file beyond 4 GiB is
/// RF64. Otherwise the sizes are patched at the end if the stream can seek, or stay open (all ones), which means "to the end of the
/// stream".
/// </summary>
public sealed class WavWriter : IAsyncDisposable
{
    const int BufferFrames = 4096;

    readonly Stream stream;
    readonly WavForm form;
    readonly long? promised;
    readonly long headerPosition;
    readonly byte[] buffer;
    long written;                                                            // frames

    WavWriter(Stream stream, WavForm form, long? frames)
    {
        (this.stream, this.form, promised) = (stream, form, frames);
        headerPosition = stream.CanSeek ? stream.Position : 0;
        buffer = new byte[BufferFrames * form.FrameBytes];
    }

    /// <summary>Most samples of a mono encoding whose size fits RIFF's 32-bit fields.</summary>
    public static long MaxSamples(WavEncoding encoding) => MostFrames(new(1, encoding));

    /// <summary>Writes the header of a mono file.</summary>
    /// <param name="stream">Not closed.</param>
    /// <param name="samples">Number of samples that will be written, or null if unknown. Writing more throws.</param>
    public static Task<WavWriter> CreateAsync(
        Stream stream, int sampleRate, WavEncoding encoding, long? samples = null, CancellationToken cancellationToken = default)
    {
        if (samples is { } count)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxSamples(encoding), nameof(samples));
        return CreateAsync(stream, new WavForm(sampleRate, encoding), samples, cancellationToken);
    }

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Not closed.</param>
    /// <param name="frames">Samples of each channel that will be written, or null if unknown. Writing more throws.</param>
    public static async Task<WavWriter> CreateAsync(
        Stream stream, WavForm form, long? frames, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(form.SampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(form.Channels, 1);
        var writer = new WavWriter(stream, form, frames);
        await stream.WriteAsync(WavHead.Of(form, frames), cancellationToken);
        return writer;
    }

    /// <summary>Appends samples, full scale 1: whole frames, channels interleaved.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancellationToken = default)
    {
        if (samples.Length % form.Channels != 0)
            throw new ArgumentException($"must hold whole frames of {form.Channels} channels", nameof(samples));
        written += samples.Length / form.Channels;
        if (written > (promised ?? MostFrames(form)))
            throw new InvalidOperationException($"{written} samples do not fit: there is room for {promised ?? MostFrames(form)}");
        var most = BufferFrames * form.Channels;
        for (; !samples.IsEmpty; samples = samples[Math.Min(samples.Length, most)..])
        {
            var count = Math.Min(samples.Length, most);
            Encode(samples.Span[..count]);
            await stream.WriteAsync(buffer.AsMemory(0, count * form.Encoding.SampleBytes()), cancellationToken);
        }
    }

    /// <summary>Pads the samples to an even size, and patches the header's sizes if they were open and the stream can seek.</summary>
    public async ValueTask DisposeAsync()
    {
        if (WavHead.PaddingFor(written * form.FrameBytes) > 0)
            await stream.WriteAsync(new byte[1]);
        if (promised is null && stream.CanSeek)
        {
            var end = stream.Position;
            stream.Position = headerPosition;
            await stream.WriteAsync(WavHead.Of(form, written));
            stream.Position = end;
        }
        await stream.FlushAsync();
    }

    static long MostFrames(WavForm form) => (uint.MaxValue - 128 - form.Chunks.Sum(chunk => chunk.Content.Length + 9L)) / form.FrameBytes;

    void Encode(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var at = buffer.AsSpan(i * form.Encoding.SampleBytes());
            switch (form.Encoding)
            {
                case WavEncoding.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(at, samples[i]);
                    break;
                case WavEncoding.Pcm16:
                    BinaryPrimitives.WriteInt16LittleEndian(at, (short)Steps(samples[i], 16));
                    break;
                case WavEncoding.Pcm24:
                    var steps = Steps(samples[i], 24);
                    (at[0], at[1], at[2]) = ((byte)steps, (byte)(steps >> 8), (byte)(steps >> 16));
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(at, Steps(samples[i], 32));
                    break;
            }
        }
    }

    /// <summary>A sample as a whole number of steps, clipped at full scale.</summary>
    static int Steps(float sample, int bits)
    {
        var full = 1L << (bits - 1);
        return (int)Math.Clamp(Math.Round((double)sample * full), -full, full - 1);
    }
}
