using System.Buffers.Binary;

namespace Rewas.Sound.Wav;

/// <summary>Sample format of a file that is read.</summary>
enum WavSample
{
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
}

static class WavSampleConversion
{
    /// <summary>
    /// Samples of a smaller magnitude, -400 dB, become 0. Products with them would be subnormal numbers, and all that is computed from the
    /// file would take many times as long.
    /// </summary>
    const double LeastMagnitude = 1e-20;

    /// <summary>Interleaved frames to mono: the mean of the channels, full scale 1.</summary>
    /// <param name="frames">Whole frames.</param>
    /// <param name="mono">One value per frame. Values may be non-finite if the file holds such samples.</param>
    public static void ToMono(this WavFormat format, ReadOnlySpan<byte> frames, Span<float> mono)
    {
        var sampleBytes = format.FrameBytes / format.Channels;
        for (var i = 0; i < mono.Length; i++)
        {
            var frame = frames.Slice(i * format.FrameBytes, format.FrameBytes);
            var sum = 0.0;
            for (var channel = 0; channel < format.Channels; channel++)
                sum += format.Sample.Read(frame[(channel * sampleBytes)..]);
            mono[i] = (float)(sum / format.Channels);
        }
    }

    /// <summary>Interleaved frames to floats, full scale 1, still interleaved.</summary>
    /// <param name="format">Of the bytes.</param>
    /// <param name="frames">Whole frames.</param>
    /// <param name="samples">One value a channel and frame. Not finite where the file says so.</param>
    public static void ToFloats(this WavFormat format, ReadOnlySpan<byte> frames, Span<float> samples)
    {
        var sampleBytes = format.FrameBytes / format.Channels;
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)format.Sample.Read(frames[(i * sampleBytes)..]);
    }

    static double Read(this WavSample sample, ReadOnlySpan<byte> bytes) => sample switch
    {
        WavSample.Unsigned8 => (bytes[0] - 128) / 128.0,
        WavSample.Signed16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768.0,
        WavSample.Signed24 => (bytes[0] | bytes[1] << 8 | (sbyte)bytes[2] << 16) / 8_388_608.0,
        WavSample.Signed32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648.0,
        WavSample.Float32 => WithoutTraces(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        _ => WithoutTraces(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
    };

    static double WithoutTraces(double value) => Math.Abs(value) is > 0 and < LeastMagnitude ? 0 : value;
}
