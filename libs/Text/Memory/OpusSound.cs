using System.Buffers.Binary;
using Concentus;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Text.Memory;

/// <summary>
/// Decodes Ogg Opus (RFC 7845) with one or two channels to 16 kHz mono, the mel's rate. Opus supports decoding at this rate directly.
/// </summary>
public static class OpusSound
{
    const int GranuleRate = 48_000;
    const int LongestPacket = ClipTiming.SampleRate * 120 / 1000;            // samples: 120 ms

    static OpusSound() => OpusCodecFactory.AttemptToUseNativeLibrary = false; // the managed decoder gives the same samples everywhere

    /// <param name="file">The whole file.</param>
    /// <param name="field">Named in errors.</param>
    /// <param name="maximumSeconds">Longest accepted sound.</param>
    /// <exception cref="InputFault">The file is invalid, damaged, or too long.</exception>
    public static float[] Decode(ReadOnlySpan<byte> file, string field, double maximumSeconds)
    {
        var (packets, granule) = OggPackets.Read(file, field);
        if (packets.Count < 3 || packets[0].Length < 19 || !packets[0].AsSpan().StartsWith("OpusHead"u8)
            || packets[0][9] is not (1 or 2) || packets[0][18] != 0)
            throw InputFault.Invalid(field, "must be Ogg Opus of one or two channels");
        var skipped = BinaryPrimitives.ReadUInt16LittleEndian(packets[0].AsSpan(10));
        var samples = (granule - skipped) * ClipTiming.SampleRate / GranuleRate;
        if (samples <= 0 || samples > maximumSeconds * ClipTiming.SampleRate)
            throw InputFault.Exhausted(field, FormattableString.Invariant(
                $"must last up to {maximumSeconds} s, but lasts {(double)samples / ClipTiming.SampleRate:0.###} s"));

        var start = skipped * ClipTiming.SampleRate / GranuleRate;
        var decoded = new List<float>((int)samples + start + LongestPacket);
        var part = new float[LongestPacket];
        var decoder = OpusCodecFactory.CreateDecoder(ClipTiming.SampleRate, 1);
        try
        {
            foreach (var packet in packets.Skip(2))                          // the first two are the head and the tags
            {
                if (decoded.Count >= samples + start)
                    break;
                decoded.AddRange(part.AsSpan(0, decoder.Decode(packet, part, LongestPacket)));
            }
        }
        catch (Exception e) when (e is OpusException or ArgumentException or IndexOutOfRangeException)
        {
            throw InputFault.Invalid(field, $"has a packet that cannot be decoded: {e.Message}", e);
        }
        if (decoded.Count < samples + start)
            throw InputFault.Invalid(field, "has fewer samples than it says");
        return decoded.GetRange(start, (int)samples).ToArray();
    }
}
