using System.Buffers.Binary;
using System.Text;

namespace Rewas.Library.Recordings;

/// <summary>Reads the comments of FLAC, Vorbis and Opus files: little-endian lengths, and texts "NAME=text" in UTF-8.</summary>
static class VorbisComments
{
    const int MostComments = 256;

    /// <summary>Reads a block up to its end or the first damage.</summary>
    /// <param name="block">The block, from the length of the vendor's name.</param>
    public static List<KeyValuePair<string, string>> Read(ReadOnlySpan<byte> block)
    {
        var comments = new List<KeyValuePair<string, string>>();
        if (!TakeText(ref block, out _) || block.Length < 4)
            return comments;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(block);
        block = block[4..];
        for (var i = 0; i < Math.Min(count, MostComments) && TakeText(ref block, out var text); i++)
            if (text.IndexOf((byte)'=') is > 0 and < 64 and var sign)
                comments.Add(new(Encoding.UTF8.GetString(text[..sign]),
                    Encoding.UTF8.GetString(text[(sign + 1)..Math.Min(text.Length, sign + 1 + 4 * TagNames.MostCharacters)])));
        return comments;
    }

    static bool TakeText(ref ReadOnlySpan<byte> block, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (block.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(block) is var length && length > block.Length - 4)
            return false;
        text = block.Slice(4, (int)length);
        block = block[(4 + (int)length)..];
        return true;
    }
}
