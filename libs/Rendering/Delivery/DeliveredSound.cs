using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Rendering.Delivery;

/// <summary>Writes sound files: WAV of any length, with its chunks, and FLAC.</summary>
public static class DeliveredSound
{
    const int PartFrames = 16_384;

    /// <param name="outputPath">Ends in .wav or .flac. Appears only when complete and replaces an existing file.</param>
    /// <param name="notes">What a broadcast file says.</param>
    /// <exception cref="InputFault">The file cannot be written.</exception>
    public static async Task WriteAsync(
        RawSound sound, DeliveryFormat format, SoundNotes notes, string outputPath, CancellationToken cancellation = default)
    {
        var form = new WavForm(sound.SampleRate, format.EncodingOf(sound.Is24Bit)) { Channels = sound.Channels };
        if (format.IsFlac)
        {
            await SoundExport.WriteFlacAsync(
                ReadAsync(sound, format, cancellation), sound, form.Encoding.SampleBytes() * 8,
                format.IsBroadcast ? ProductionChunk.Tags(notes, form) : [], outputPath, cancellation);
            return;
        }
        if (format.IsBroadcast)
            form = form with { Chunks = [BroadcastChunk.Of(notes, form), ProductionChunk.Of(notes, form)] };
        using var output = PartialFile.Create(outputPath, "output");
        try
        {
            await using var file = new FileStream(output.Path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            var frames = new FileInfo(sound.Path).Length / sizeof(float) / sound.Channels;
            await using var writer = await WavWriter.CreateAsync(file, form, frames, cancellation);
            await foreach (var part in ReadAsync(sound, format, cancellation))
                await writer.WriteAsync(part, cancellation);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing("output", outputPath, failure);
        }
        await SoundExport.ThrowUnlessWholeAsync(output.Path, sound.Duration, cancellation);
        output.Complete();
    }

    /// <summary>The samples in parts, dithered if they lose bits. Each part is valid until the next one is requested.</summary>
    static async IAsyncEnumerable<ReadOnlyMemory<float>> ReadAsync(
        RawSound sound, DeliveryFormat format, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var dither = format.DitherBits(sound.Is24Bit) is { } bits ? new TriangularDither(bits, format.Seed) : null;
        await using var file = File.OpenRead(sound.Path);
        var bytes = new byte[PartFrames * sound.Channels * sizeof(float)];
        var samples = new float[PartFrames * sound.Channels];
        while (await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count)
        {
            var part = samples.AsMemory(0, count / sizeof(float));
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, count)).CopyTo(part.Span);
            dither?.Apply(part.Span);
            yield return part;
        }
    }
}
