using System.Buffers.Binary;

namespace Rewas.Library.Recordings;

/// <summary>
/// Reads the header of an Ogg file (RFC 3533) with one Vorbis or Opus stream: format, comments, and the length from its last page.
/// </summary>
static class OggHeader
{
    const int PageHeaderBytes = 27, MostPageBytes = PageHeaderBytes + 255 + 255 * 255;
    const int MostHeaderPages = 16, MostCommentBytes = 1 << 18;
    const int OpusRate = 48_000;                                             // unit of Opus granule positions, Hz

    /// <param name="file">Seekable, at its start.</param>
    /// <returns>Null for other files: several streams, other codecs, damage. ffprobe reads those.</returns>
    public static RecordingHeader? Read(Stream file)
    {
        var start = new byte[(int)Math.Min(file.Length, 1 << 19)];
        file.Position = 0;
        file.ReadExactly(start);
        if (Packets(start) is not ([var first, var second], var serial) || Format(first) is not var (rate, channels, skipped, comments)
            || !second.AsSpan().StartsWith(comments))
            return null;
        if (LastGranule(file, serial) is not { } granule)
            return null;
        var tags = TagNames.Texts(VorbisComments.Read(second.AsSpan(comments.Length)));
        var seconds = (double)(granule - skipped) / rate;
        return new(SampleSource.Decoded, rate, channels, seconds > 0 ? seconds : null, tags);
    }

    static (int Rate, int Channels, int Skipped, byte[] Comments)? Format(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 30 && packet.StartsWith("\x01vorbis"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]) is > 0 and < int.MaxValue and var rate)
            return ((int)rate, packet[11], 0, "\x03vorbis"u8.ToArray());
        return packet.Length >= 19 && packet.StartsWith("OpusHead"u8)
            ? (OpusRate, packet[9], BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]), "OpusTags"u8.ToArray())
            : null;
    }

    /// <summary>The first two packets of the only stream. Null if another stream begins among them, or there are fewer.</summary>
    static (byte[][] Packets, uint Serial)? Packets(ReadOnlySpan<byte> file)
    {
        var packets = new List<byte[]>();
        var packet = new List<byte>();
        uint? stream = null;
        for (var page = 0; page < MostHeaderPages; page++)
        {
            if (file.Length < PageHeaderBytes || !file.StartsWith("OggS"u8) || file.Length < PageHeaderBytes + file[26])
                return null;
            var lacing = file.Slice(PageHeaderBytes, file[26]);
            var serial = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
            if (serial != (stream ??= serial))
                return null;
            file = file[(PageHeaderBytes + lacing.Length)..];
            foreach (var length in lacing)
            {
                if (file.Length < length || packet.Count + length > MostCommentBytes)
                    return null;
                packet.AddRange(file[..length]);
                file = file[length..];
                if (length == 255)
                    continue;
                packets.Add([.. packet]);
                packet.Clear();
                if (packets.Count == 2)
                    return ([.. packets], serial);
            }
        }
        return null;
    }

    /// <summary>Position in samples at the end of the stream's last page. Null if the end of the file has no such page.</summary>
    static long? LastGranule(Stream file, uint serial)
    {
        var end = new byte[(int)Math.Min(file.Length, 2 * MostPageBytes)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        for (var at = end.Length; (at = end.AsSpan(0, at).LastIndexOf("OggS"u8)) >= 0;)
        {
            if (end.Length - at < PageHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at + 14)) != serial)
                continue;
            if (BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(at + 6)) is >= 0 and var granule)
                return granule;
        }
        return null;
    }
}
