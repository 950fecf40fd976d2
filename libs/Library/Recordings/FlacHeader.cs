using System.Buffers.Binary;
using Rewas.Clip.Faults;

namespace Rewas.Library.Recordings;

/// <summary>Reads the metadata blocks of a FLAC file (RFC 9639, section 8).</summary>
static class FlacHeader
{
    const int StreamInfo = 0, VorbisComment = 4, StreamInfoBytes = 34;
    const int MostBlocks = 64, MostCommentBytes = 1 << 18;

    /// <param name="file">Seekable, at its start.</param>
    /// <param name="field">Field of faults.</param>
    /// <exception cref="InputFault">The file is damaged.</exception>
    public static RecordingHeader Read(Stream file, string field)
    {
        file.Position = 4;                                                   // after "fLaC"
        Span<byte> head = stackalloc byte[4];
        Span<byte> info = stackalloc byte[StreamInfoBytes];
        RecordingHeader? header = null;
        IReadOnlyList<string> tags = [];
        for (var block = 0; block < MostBlocks; block++)
        {
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
                break;
            var (isLast, type, length) = ((head[0] & 0x80) != 0, head[0] & 0x7f, BinaryPrimitives.ReadInt32BigEndian(head) & 0xffffff);
            if (length > file.Length - file.Position)
                throw InputFault.Invalid(field, "truncated: it ends inside its header");
            var next = file.Position + length;
            if (type == StreamInfo && length == StreamInfoBytes)
            {
                file.ReadExactly(info);
                header = Of(info);
            }
            else if (type == VorbisComment && length <= MostCommentBytes)
            {
                var comments = new byte[length];
                file.ReadExactly(comments);
                tags = TagNames.Texts(VorbisComments.Read(comments));
            }
            file.Position = next;
            if (isLast)
                break;
        }
        return header is null ? throw InputFault.Invalid(field, "is no FLAC file that can be read: it has no stream info")
            : header with { Tags = tags };
    }

    /// <summary>From byte 10: sample rate in 20 bits, channels minus one in 3, bits per sample minus one in 5, samples in 36.</summary>
    static RecordingHeader Of(ReadOnlySpan<byte> info)
    {
        var packed = BinaryPrimitives.ReadUInt64BigEndian(info[10..]);
        var (rate, channels, samples) = ((int)(packed >> 44), (int)(packed >> 41 & 7) + 1, (long)(packed & 0xf_ffff_ffff));
        return new(SampleSource.Decoded, rate, channels, samples > 0 && rate > 0 ? (double)samples / rate : null, []);
    }
}
