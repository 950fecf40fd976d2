using System.Buffers.Binary;
using Rewas.Clip.Faults;

namespace Rewas.Text.Memory;

/// <summary>
/// Reads the packets of an Ogg file with one stream (RFC 3533). Sizes are checked before use. Page checksums are ignored, because the whole
/// file has a hash.
/// </summary>
static class OggPackets
{
    const int HeaderBytes = 27;
    const int MostPacketBytes = 1 << 16;

    /// <param name="file">The whole file.</param>
    /// <param name="field">Named in errors.</param>
    /// <returns>The packets, and the granule position of the last page that has one.</returns>
    /// <exception cref="InputFault">The file is invalid.</exception>
    public static (List<byte[]> Packets, long LastGranule) Read(ReadOnlySpan<byte> file, string field)
    {
        var packets = new List<byte[]>();
        var unfinished = new List<byte>();
        var granule = 0L;
        uint? stream = null;
        while (!file.IsEmpty)
        {
            if (file.Length < HeaderBytes || !file.StartsWith("OggS"u8) || file.Length < HeaderBytes + file[26])
                throw InputFault.Invalid(field, "is no Ogg file, or is cut off");
            var lacing = file.Slice(HeaderBytes, file[26]);
            var serial = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
            if (serial != (stream ??= serial))
                throw InputFault.Invalid(field, "must have one stream, but has several");
            if (BinaryPrimitives.ReadInt64LittleEndian(file[6..]) is var position && position >= 0)
                granule = position;
            file = file[(HeaderBytes + lacing.Length)..];
            foreach (var length in lacing)
            {
                if (file.Length < length || unfinished.Count + length > MostPacketBytes)
                    throw InputFault.Invalid(field, "has a packet that is cut off or too long");
                unfinished.AddRange(file[..length]);
                file = file[length..];
                if (length == byte.MaxValue)
                    continue;                                                // the packet continues
                packets.Add([.. unfinished]);
                unfinished.Clear();
            }
        }
        return (packets, granule);
    }
}
