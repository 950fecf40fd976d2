namespace Rewas.Networks.Onnx;

/// <summary>Enumerates the fields of a protobuf message without copying their values. For `foreach`.</summary>
ref struct WireFields(ReadOnlySpan<byte> message)
{
    const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    readonly ReadOnlySpan<byte> message = message;

    /// <summary>The field found by <see cref="MoveNext"/>.</summary>
    public WireField Current { get; private set; }

    public readonly WireFields GetEnumerator() => this;

    /// <exception cref="FormatException">The bytes are not a message.</exception>
    public bool MoveNext()
    {
        var start = Current.End;
        if (start == message.Length)
            return false;
        var at = start;
        var tag = ReadVarint(ref at);
        var (valueStart, length) = (tag & 7) switch
        {
            Varint => (at, Skip(ref at)),
            Fixed64 => (at, sizeof(ulong)),
            Fixed32 => (at, sizeof(uint)),
            LengthDelimited => ReadVarint(ref at) is var bytes && bytes <= (ulong)message.Length ? (at, (int)bytes) : throw Cut(),
            _ => throw new FormatException($"field type {tag & 7} is not known"),
        };
        if (tag >> 3 is 0 or > int.MaxValue || length > message.Length - valueStart)
            throw Cut();
        Current = new((int)(tag >> 3), start, valueStart, valueStart + length, (tag & 7) == LengthDelimited);
        return true;
    }

    readonly int Skip(ref int at)
    {
        var start = at;
        ReadVarint(ref at);
        return at - start;
    }

    readonly ulong ReadVarint(ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = at < message.Length ? message[at++] : throw Cut();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new FormatException("a number has more than 64 bits");
    }

    static FormatException Cut() => new("it ends in the middle of a field");
}

/// <summary>Position of a field in its message.</summary>
/// <param name="Number">Field number in the .proto.</param>
/// <param name="Start">First byte of its tag.</param>
/// <param name="ValueStart">First byte of its value.</param>
/// <param name="End">The byte after it.</param>
/// <param name="HasLength">Whether the value is length-delimited: a message, a string, packed numbers.</param>
readonly record struct WireField(int Number, int Start, int ValueStart, int End, bool HasLength);
