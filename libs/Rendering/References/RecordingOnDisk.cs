using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rewas.Clip.Faults;
using Rewas.Sound.Placement;
using Rewas.Sound.Wav;

namespace Rewas.Rendering.References;

/// <summary>A decoded recording in a temporary file. Parts of it are read when they are placed, so memory does not grow with it.</summary>
public sealed class RecordingOnDisk : RecordedSamples, IDisposable
{
    const int PartFrames = 4096;

    /// <summary>Samples of a smaller magnitude, -400 dB, are read as 0: subnormal numbers would take many times as long.</summary>
    const float Least = 1e-20f;

    readonly SafeFileHandle file;
    readonly long offset;                                                    // of the first sample, bytes

    RecordingOnDisk(SafeFileHandle file, long offset, int sampleRate, int channels, int frames) : base(sampleRate, channels, frames) =>
        (this.file, this.offset) = (file, offset);

    /// <summary>Opens a WAV file of 32-bit floats, and checks every sample.</summary>
    /// <param name="path">Written by this process.</param>
    /// <param name="field">Named in errors.</param>
    /// <exception cref="InputFault">A sample is NaN or far beyond full scale, the file is empty, or it exceeds a limit.</exception>
    public static async Task<RecordingOnDisk> OpenAsync(
        string path, ReferenceLimits limits, string field, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        var wav = await WavReader.OpenAsync(
            stream,
            new()
            {
                MaxDuration = limits.Each.MaxDuration,
                MaxBytes = long.MaxValue,
                MaxChannels = limits.Each.MaxChannels,
                MaxSampleRate = limits.Each.MaxSampleRate,
            },
            field,
            cancellation);
        var offset = stream.Position;
        var part = new float[PartFrames * wav.Channels];
        var length = 0;
        while (await wav.ReadFramesAsync(part, cancellation) is > 0 and var frames)
        {
            foreach (var sample in part.AsSpan(0, frames * wav.Channels))
                if (Math.Abs(sample) > limits.Each.MaxSample)
                    throw InputFault.Invalid(
                        field, FormattableString.Invariant($"a sample must be at most {limits.Each.MaxSample}, but is {sample}"));
            length += frames;
        }
        return length > 0
            ? new(File.OpenHandle(path, options: FileOptions.RandomAccess), offset, wav.SampleRate, wav.Channels, length)
            : throw InputFault.Invalid(field, "has no samples");
    }

    protected override void ReadChannel(int channel, int first, Span<float> target)
    {
        var rented = ArrayPool<float>.Shared.Rent(PartFrames * ChannelCount);
        for (var done = 0; done < target.Length;)
        {
            var frames = Math.Min(PartFrames, target.Length - done);
            var part = rented.AsSpan(0, frames * ChannelCount);
            Fill(MemoryMarshal.AsBytes(part), offset + ((long)first + done) * ChannelCount * sizeof(float));
            for (var i = 0; i < frames; i++)
                target[done + i] = part[i * ChannelCount + channel] is var sample && Math.Abs(sample) < Least ? 0 : sample;
            done += frames;
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    public void Dispose() => file.Dispose();

    void Fill(Span<byte> bytes, long from)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(file, bytes, from);
            if (count == 0)
                throw InputFault.Environment(ReferenceFiles.Field, "its decoded file was cut off");
            bytes = bytes[count..];
            from += count;
        }
    }
}
