using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Rewas.EndToEnd.Tests.Hostile;

/// <summary>
/// Makes messages of any type. Their fields are filled at random by their descriptors, with values at and beyond the limits. Then some of
/// their bytes are broken.
/// </summary>
sealed class MessageMaker(Random random, string[] ids)
{
    const int DeepestNesting = 4, LargestNoise = 400;

    static readonly double[] Numbers =
    [
        0, 1, -1, 2, 0.5, 16_000, 512, 1e9, -1e9, 1e300, double.NaN, double.PositiveInfinity, double.Epsilon, int.MaxValue, int.MinValue,
    ];
    static readonly long[] Integers =
    [
        0, 1, 2, 3, 4, 8, -1, 16, 512, 1000, 16_000, 81_920, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue,
    ];
    static readonly long[][] Shapes = [[512], [200], [1], [512, 64], [8, 16], [512, 2]];
    static readonly string[] Texts =
    [
        "",
        "a",
        "rain on a roof",
        "ddim",
        "energy",
        "mel",
        "wav",
        "mp4",
        "primary",
        "../../etc/passwd",
        "http://127.0.0.1/x",
        "%s%n",
        "\0",
        "\ud83d\udd28",
        new('x', 5000),
    ];

    /// <summary>One message in four is as it was filled, one in four is noise, the rest are filled and then broken.</summary>
    public byte[] Mutated(MessageDescriptor type)
    {
        if (random.Next(4) == 0)
            return Noise(random.Next(LargestNoise));
        var bytes = Filled(type, 0).ToByteArray();
        if (random.Next(3) == 0 || bytes.Length == 0)
            return bytes;
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            bytes = random.Next(5) switch
            {
                0 => Flipped(bytes, at),
                1 => bytes[..at],
                2 => [.. bytes[..at], .. Noise(random.Next(20)), .. bytes[at..]],
                3 => [.. bytes[..at], .. bytes[random.Next(at + 1)..]],
                _ => [.. bytes[..at], 0xff, 0xff, 0xff, 0xff, 0x0f, .. bytes[at..]],
            };
        }
        return bytes.Length > 1 << 20 ? bytes[..(1 << 20)] : bytes;
    }

    /// <summary>
    /// A message that is filled and then grown to about so many bytes, at one or two of the places that can grow: a list, a text, bytes,
    /// or a tensor, at any depth. Its other values may be valid, so that a service does with it all that it would do.
    /// </summary>
    public byte[] Grown(MessageDescriptor type, int bytes)
    {
        var message = Filled(type, 0);
        Grow(message, bytes / 2, 0);
        Grow(message, bytes / 2, 0);
        return message.ToByteArray();
    }

    void Grow(IMessage message, int bytes, int depth)
    {
        if (message is V1.Tensor tensor)
        {
            var values = new float[Math.Max(1, bytes / sizeof(float))];
            for (var i = 0; i < values.Length; i++)
                values[i] = -6 + 3 * MathF.Sin(i * 0.01f);
            (tensor.Dtype, tensor.Data) = (V1.DataType.Float32, ByteString.CopyFrom(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));
            tensor.Shape.Clear();
            tensor.Shape.Add(values.Length);
            return;
        }
        var growing = message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.IsMap && (field.IsRepeated
            || field.FieldType is FieldType.String or FieldType.Bytes
            || (field.FieldType == FieldType.Message && depth < DeepestNesting))).ToList();
        if (growing.Count == 0)
            return;
        var chosen = growing[random.Next(growing.Count)];
        if (chosen.IsRepeated)
        {
            var list = (IList)chosen.Accessor.GetValue(message);
            var item = list.Count > 0 ? list[0]! : Value(chosen, depth);
            var size = item is IMessage part ? part.CalculateSize() + 2 : 8;
            for (var count = bytes / Math.Max(2, size); count > 0; count--)
                list.Add(item);
        }
        else if (chosen.FieldType == FieldType.Message)
        {
            if (chosen.Accessor.GetValue(message) is not IMessage inner)
                chosen.Accessor.SetValue(message, inner = Filled(chosen.MessageType, depth + 1));
            Grow(inner, bytes, depth + 1);
        }
        else
            chosen.Accessor.SetValue(message, chosen.FieldType == FieldType.Bytes ? ByteString.CopyFrom(Noise(bytes)) : LongText(bytes));
    }

    /// <summary>Texts that are long for readers of words, of numbers, of lists, and of one character.</summary>
    string LongText(int characters)
    {
        string[] parts = ["rain ", "9", "1s..2s=", ",", "\"", "(", "a-", "\u00e4"];
        var part = parts[random.Next(parts.Length)];
        return string.Concat(Enumerable.Repeat(part, Math.Max(1, characters / 2 / part.Length)));
    }

    IMessage Filled(MessageDescriptor type, int depth)
    {
        if (type == V1.Tensor.Descriptor && random.Next(4) > 0)
            return Tensor();
        var message = (IMessage)Activator.CreateInstance(type.ClrType)!;
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (depth >= DeepestNesting && field.FieldType == FieldType.Message)
                continue;
            if (field.IsMap || random.Next(4) == 0)
                continue;
            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = random.Next(4); count > 0; count--)
                    list.Add(Value(field, depth));
            }
            else
                field.Accessor.SetValue(message, Value(field, depth));
        }
        return message;
    }

    /// <summary>A tensor that matches its header, of a shape that some method expects.</summary>
    V1.Tensor Tensor()
    {
        var shape = Shapes[random.Next(Shapes.Length)];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        if (random.Next(4) == 0)
            return new() { Dtype = V1.DataType.Int64, Shape = { shape }, Data = ByteString.CopyFrom(new byte[count * sizeof(long)]) };
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 12 - 11);
        if (random.Next(8) == 0)
            values[random.Next(count)] = (float)Numbers[random.Next(Numbers.Length)];
        return new()
        {
            Dtype = V1.DataType.Float32,
            Shape = { shape },
            Data = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())),
        };
    }

    object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Filled(field.MessageType, depth + 1),
        FieldType.String => random.Next(3) == 0 ? ids[random.Next(ids.Length)] : Texts[random.Next(Texts.Length)],
        FieldType.Bytes => ByteString.CopyFrom(Noise(random.Next(2) == 0 ? 4 * random.Next(1024) : random.Next(100))),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => Numbers[random.Next(Numbers.Length)],
        FieldType.Float => (float)Numbers[random.Next(Numbers.Length)],
        FieldType.Enum => Enum.ToObject(
            field.EnumType.ClrType,
            random.Next(8) == 0 ? random.Next() : field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Integer(),
        FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)Integer()),
        FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)Integer()),
        _ => unchecked((int)Integer()),
    };

    long Integer() => random.Next(2) == 0 ? random.Next(20) : Integers[random.Next(Integers.Length)];

    byte[] Noise(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= (byte)(1 << random.Next(8));
        return bytes;
    }
}
