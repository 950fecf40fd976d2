using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bundles.Checkpoints;

/// <summary>A weight to be written to a file.</summary>
/// <param name="Name">Name in the state dict.</param>
/// <param name="Values">Gives the values, row-major, when the weight is written, so that only one weight need be in memory at a
/// time.</param>
public sealed record WeightToStore(string Name, long[] Shape, Func<ReadOnlyMemory<float>> Values);

/// <summary>Writes safetensors files. A file appears only when it is complete.</summary>
public static class SafetensorsWriter
{
    const int HeaderAlignment = 64;

    /// <param name="path">Replaced if it exists.</param>
    /// <param name="weights">Written in this order.</param>
    /// <param name="type">float32 or float16. Scalars, which are counters and scales, are always float32.</param>
    /// <exception cref="InputFault">A value does not fit float16.</exception>
    public static void Write(
        string path, IReadOnlyList<WeightToStore> weights, StoredType type = StoredType.Float32,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (type is not (StoredType.Float32 or StoredType.Float16))
            throw new ArgumentException($"weights are stored as float32 or float16, not {type}");
        PartialFile.Write(path, "output", stream =>
        {
            var header = Header(weights, type, metadata);
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            foreach (var weight in weights)
                WriteValues(stream, weight, TypeOf(weight, type));
        });
    }

    static byte[] Header(IReadOnlyList<WeightToStore> weights, StoredType type, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            var names = new HashSet<string>();
            foreach (var weight in weights)
            {
                if (!names.Add(weight.Name))
                    throw new ArgumentException($"weight '{weight.Name}' is given twice");
                json.WriteStartObject(weight.Name);
                json.WriteString("dtype", SafetensorsHeader.NameOf(TypeOf(weight, type)));
                WriteNumbers(json, "shape", weight.Shape);
                var end = offset + Count(weight) * StoredTensor.SizeOf(TypeOf(weight, type));
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        var padding = -(SafetensorsHeader.LengthBytes + buffer.WrittenCount) & (HeaderAlignment - 1);
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    static void WriteValues(Stream stream, WeightToStore weight, StoredType type)
    {
        var values = weight.Values().Span;
        if (values.Length != Count(weight))
            throw new ArgumentException($"weight '{weight.Name}' should hold {Count(weight)} values, but {values.Length} were given");
        if (type == StoredType.Float32)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        var halves = new Half[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
            if (Half.IsInfinity(halves[i]))
                throw InputFault.Precondition(
                    weight.Name, FormattableString.Invariant($"value {values[i]} does not fit float16, whose limit is 65504"));
        }
        stream.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
    }

    static StoredType TypeOf(WeightToStore weight, StoredType type) => weight.Shape.Length == 0 ? StoredType.Float32 : type;

    static long Count(WeightToStore weight) => weight.Shape.Aggregate(1L, (count, size) => checked(count * size));
}
