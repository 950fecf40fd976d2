using System.Buffers.Binary;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Wav;

/// <summary>The validated <c>fmt </c> chunk of a WAV file.</summary>
readonly record struct WavFormat(int Channels, int SampleRate, WavSample Sample, int FrameBytes)
{
    const int PcmTag = 1, FloatTag = 3, ExtensibleTag = 0xFFFE;
    const int ExtensibleBytes = 40, SubFormatOffset = 24;

    /// <param name="chunk">The chunk's content, at least 16 bytes.</param>
    /// <param name="field">Named in errors.</param>
    public static WavFormat Parse(ReadOnlySpan<byte> chunk, WavLimits limits, string field)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frameBytes = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == ExtensibleTag && chunk.Length >= ExtensibleBytes)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormatOffset..]);

        if (channels < 1)
            throw InputFault.Invalid(field, "a WAV file must have at least 1 channel, but it has 0");
        if (channels > limits.MaxChannels)
            throw InputFault.Exhausted(field, $"at most {limits.MaxChannels} channels are accepted, but it has {channels}");
        if (rate < limits.MinSampleRate || rate > limits.MaxSampleRate)
            throw InputFault.Invalid(
                field, $"the sample rate must be from {limits.MinSampleRate} to {limits.MaxSampleRate} Hz, but is {rate}");
        var sample = (tag, bits) switch
        {
            (PcmTag, 8) => WavSample.Unsigned8,
            (PcmTag, 16) => WavSample.Signed16,
            (PcmTag, 24) => WavSample.Signed24,
            (PcmTag, 32) => WavSample.Signed32,
            (FloatTag, 32) => WavSample.Float32,
            (FloatTag, 64) => WavSample.Float64,
            _ => throw InputFault.Invalid(
                field,
                $"only PCM of 8, 16, 24 or 32 bits and floats of 32 or 64 bits are read, but format tag {tag} with {bits} bits was found"),
        };
        if (frameBytes != channels * bits / 8)
            throw InputFault.Invalid(
                field, $"{channels} channels of {bits} bits take {channels * bits / 8} bytes a frame, but the header says {frameBytes}");
        return new(channels, (int)rate, sample, frameBytes);
    }
}
