using System.Buffers.Binary;
using System.Text;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>Reads the bytes of a pickle and fails at the end of the file.</summary>
sealed class PickleInput(Stream stream, string field)
{
    const int LongestLine = 1024;

    /// <summary>Most bytes of the pickles of one file. A tensor needs about 200.</summary>
    const long MostBytes = 256L << 20;

    readonly long start = stream.Position, end = stream.Length;
    readonly byte[] buffer = new byte[1 << 16];
    int next, filled;

    /// <summary>Position of the next byte in the stream.</summary>
    public long Position => stream.Position - (filled - next);

    public byte Byte()
    {
        if (next == filled)
        {
            ThrowIfTooLong(0);
            (next, filled) = (0, stream.Read(buffer));
            if (filled == 0)
                throw Truncated();
        }
        return buffer[next++];
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > end - Position)
            throw Truncated();
        ThrowIfTooLong(count);
        var bytes = new byte[count];
        var buffered = Math.Min(filled - next, bytes.Length);
        buffer.AsSpan(next, buffered).CopyTo(bytes);
        next += buffered;
        stream.ReadExactly(bytes.AsSpan(buffered));
        return bytes;
    }

    public string Utf8(long count) => Encoding.UTF8.GetString(Bytes(count));

    public string Latin1(long count) => Encoding.Latin1.GetString(Bytes(count));

    /// <summary>Reads up to and including the next line feed.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (var b = Byte(); b != '\n'; b = Byte())
        {
            if (line.Length == LongestLine)
                throw InputFault.Precondition(field, $"pickle: a line has more than {LongestLine} characters");
            line.Append((char)b);
        }
        return line.ToString();
    }

    void ThrowIfTooLong(long more)
    {
        if (Position - start + more > MostBytes)
            throw InputFault.Exhausted(field, $"pickle: has more than {MostBytes} bytes, which is the limit");
    }

    InputFault Truncated() => InputFault.Precondition(field, "is truncated: the pickle goes on where the file ends");
}
