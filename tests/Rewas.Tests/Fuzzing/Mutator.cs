using System.Buffers.Binary;

namespace Rewas.Tests.Fuzzing;

/// <summary>Changes inputs of a corpus at random.</summary>
/// <param name="words">Parts of the format.</param>
sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    const int LongestInput = 16 << 10, MostChanges = 8, LongestBlock = 256;

    static readonly long[] Numbers =
    [
        0, 1, -1, 2, 7, 8, 16, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue,
        long.MinValue, 1L << 33,
    ];

    /// <summary>A changed copy of one input, sometimes crossed with another.</summary>
    public byte[] Mutated(IReadOnlyList<byte[]> corpus)
    {
        var bytes = Any(corpus);
        for (var changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            bytes = Changed(bytes, corpus);
        return bytes.Length > LongestInput ? bytes[..LongestInput] : bytes;
    }

    byte[] Changed(byte[] bytes, IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(bytes.Length + 1);
        switch (random.Next(10))
        {
            case 0: return [.. bytes[..at], (byte)random.Next(256), .. bytes[Math.Min(bytes.Length, at + 1)..]];
            case 1 when at < bytes.Length: return [.. bytes[..at], (byte)(bytes[at] ^ 1 << random.Next(8)), .. bytes[(at + 1)..]];
            case 2: return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(LongestBlock))..]];
            case 3: return [.. bytes[..at], .. Block(bytes), .. bytes[at..]];
            case 4: return Repeated(bytes, at);
            case 5 when words.Count > 0: return [.. bytes[..at], .. Any(words), .. bytes[at..]];
            case 6: return Overwritten(bytes, at, Number());
            case 7: return [.. bytes[..at], .. Block(Any(corpus)), .. bytes[at..]];
            case 8: return Digits(bytes, at);
            default: return bytes[..at];
        }
    }

    /// <summary>Repeats a block many times, as a file does that makes little from little, often.</summary>
    byte[] Repeated(byte[] bytes, int at)
    {
        var block = Block(bytes);
        var times = 1 << random.Next(8);
        return [.. bytes[..at], .. Enumerable.Range(0, times).SelectMany(_ => block), .. bytes[at..]];
    }

    byte[] Overwritten(byte[] bytes, int at, byte[] value)
    {
        var copy = bytes.ToArray();
        value.AsSpan(0, Math.Min(value.Length, copy.Length - at)).CopyTo(copy.AsSpan(at));
        return copy;
    }

    /// <summary>A number in one of the usual forms.</summary>
    byte[] Number()
    {
        var value = Numbers[random.Next(Numbers.Length)];
        var bytes = new byte[sizeof(long)];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return random.Next(2) == 0 ? bytes[..4] : random.Next(2) == 0 ? bytes[^4..] : bytes;
    }

    /// <summary>Replaces a number that is written in digits.</summary>
    byte[] Digits(byte[] bytes, int at)
    {
        while (at < bytes.Length && !char.IsAsciiDigit((char)bytes[at]))
            at++;
        var end = at;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end]))
            end++;
        var number = random.Next(4) == 0 ? new string('9', random.Next(1, 60)) : $"{Numbers[random.Next(Numbers.Length)]}";
        return [.. bytes[..at], .. System.Text.Encoding.ASCII.GetBytes(number), .. bytes[end..]];
    }

    byte[] Block(byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return bytes[from..Math.Min(bytes.Length, from + random.Next(LongestBlock))];
    }

    byte[] Any(IReadOnlyList<byte[]> of) => of[random.Next(of.Count)];
}
