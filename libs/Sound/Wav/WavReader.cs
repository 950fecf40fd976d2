using Rewas.Clip.Faults;

namespace Rewas.Sound.Wav;

/// <summary>
/// Reads a RIFF or RF64 WAVE file from a forward-only stream as mono float32, the mean of its channels. The file is not trusted: sizes are
/// checked before any allocation or skip, and only the requested samples are held in memory.
/// </summary>
public sealed class WavReader
{
    const int BufferFrames = 4096;

    readonly BoundedReader reader;
    readonly WavFormat format;
    readonly TimeSpan maxDuration;
    readonly string field;
    readonly byte[] buffer;
    long framesRead;

    WavReader(BoundedReader reader, WavHeader header, TimeSpan maxDuration, string field)
    {
        (this.reader, format, this.maxDuration, this.field) = (reader, header.Format, maxDuration, field);
        if (header.DataBytes / (ulong)format.FrameBytes is { } frames)
        {
            ThrowIfTooLong(frames);
            SampleCount = (long)frames;
        }
        buffer = new byte[BufferFrames * format.FrameBytes];
    }

    public int SampleRate => format.SampleRate;

    public int Channels => format.Channels;

    /// <summary>Bytes of one sample of all channels.</summary>
    public int FrameBytes => format.FrameBytes;

    /// <summary>Whether the samples are floats, which need not be finite.</summary>
    public bool IsFloat => format.Sample is WavSample.Float32 or WavSample.Float64;

    /// <summary>Number of samples that the header states, or null if it leaves the length open.</summary>
    public long? SampleCount { get; }

    /// <summary>Most samples that so many further bytes can hold, by the header, the bytes and the limit of the duration.</summary>
    internal long MostSamples(long bytes) => Math.Min(
        Math.Min(SampleCount ?? long.MaxValue, bytes / format.FrameBytes), (long)(maxDuration.TotalSeconds * SampleRate));

    /// <summary>Reads the header.</summary>
    /// <param name="stream">Not closed.</param>
    /// <param name="field">Named in errors: the option or file that the sound came from.</param>
    /// <exception cref="InputFault">The stream is no WAV file, has an unsupported format, or exceeds the limits.</exception>
    public static async Task<WavReader> OpenAsync(
        Stream stream, WavLimits limits, string field, CancellationToken cancellationToken = default)
    {
        var reader = new BoundedReader(stream, limits.MaxBytes, field);
        return new(reader, await WavHeader.ReadAsync(reader, limits, field, cancellationToken), limits.MaxDuration, field);
    }

    /// <summary>Reads the next samples into <paramref name="samples"/>.</summary>
    /// <returns>Number of samples read; 0 at the end.</returns>
    /// <exception cref="InputFault">The file is truncated, exceeds the duration limit, or has a sample that is not finite.</exception>
    public async ValueTask<int> ReadAsync(Memory<float> samples, CancellationToken cancellationToken = default)
    {
        var frames = await ReadBytesAsync(samples.Length, cancellationToken);
        format.ToMono(buffer.AsSpan(0, frames * format.FrameBytes), samples.Span[..frames]);
        ThrowUnlessFinite(samples.Span[..frames]);
        return frames;
    }

    /// <summary>Reads the next frames into <paramref name="samples"/>, with interleaved channels.</summary>
    /// <returns>Number of frames read; 0 at the end.</returns>
    /// <exception cref="InputFault">As <see cref="ReadAsync"/>.</exception>
    public async ValueTask<int> ReadFramesAsync(Memory<float> samples, CancellationToken cancellationToken = default)
    {
        var frames = await ReadBytesAsync(samples.Length / format.Channels, cancellationToken);
        var read = samples[..(frames * format.Channels)];
        format.ToFloats(buffer.AsSpan(0, frames * format.FrameBytes), read.Span);
        ThrowUnlessFinite(read.Span);
        return frames;
    }

    /// <summary>Fills the buffer with the next whole frames.</summary>
    /// <returns>Number of frames, at most <paramref name="most"/>.</returns>
    async ValueTask<int> ReadBytesAsync(int most, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(Math.Min(most, BufferFrames), SampleCount - framesRead ?? long.MaxValue);
        if (wanted == 0)
            return 0;
        var bytes = await reader.ReadUpToAsync(buffer.AsMemory(0, wanted * format.FrameBytes), cancellationToken);
        var frames = bytes / format.FrameBytes;
        framesRead += frames;
        if (SampleCount is not null && frames < wanted)
            throw InputFault.Invalid(field, $"truncated: the header promises {SampleCount} samples, but there are {framesRead}");
        ThrowIfTooLong((ulong)framesRead);
        return frames;
    }

    void ThrowUnlessFinite(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
            if (!float.IsFinite(sample))
                throw InputFault.Invalid(field, "every sample must be a finite number, but one is not");
    }

    void ThrowIfTooLong(ulong frames)
    {
        var seconds = (double)frames / SampleRate;
        if (seconds > maxDuration.TotalSeconds)
            throw InputFault.Exhausted(field, FormattableString.Invariant(
                $"at most {maxDuration.TotalSeconds:0.###} s of sound are accepted, but it lasts {seconds:0.###} s or more"));
    }
}
