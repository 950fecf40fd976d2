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

/// <summary>A tensor to be written to a file as it is.</summary>
/// <param name="Write">Writes the values, row-major and little-endian. Tensors are written in turn.</param>
public sealed record TensorToStore(string Name, StoredType Type, long[] Shape, Action<Stream> Write);

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
        WriteTensors(path, [.. weights.Select(weight => Stored(weight, TypeOf(weight, type)))], metadata);
    }

    /// <summary>Writes tensors of any type.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="tensors">Written in this order.</param>
    /// <exception cref="InputFault">The file cannot be written.</exception>
    public static void WriteTensors(
        string path, IReadOnlyList<TensorToStore> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        PartialFile.Write(path, "output", stream =>
        {
            var header = Header(tensors, metadata);
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            foreach (var tensor in tensors)
            {
                var start = stream.Position;
                tensor.Write(stream);
                if (stream.Position - start != Count(tensor.Shape) * StoredTensor.SizeOf(tensor.Type))
                    throw new ArgumentException(
                        $"tensor '{tensor.Name}' should hold {Count(tensor.Shape)} values, " +
                        $"but {stream.Position - start} bytes were written");
            }
        });

    static byte[] Header(IReadOnlyList<TensorToStore> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"weight '{tensor.Name}' is given twice");
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsHeader.NameOf(tensor.Type));
                WriteNumbers(json, "shape", tensor.Shape);
                var end = offset + Count(tensor.Shape) * StoredTensor.SizeOf(tensor.Type);
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

    static TensorToStore Stored(WeightToStore weight, StoredType type) => new(weight.Name, type, weight.Shape, stream =>
    {
        var values = weight.Values().Span;
        if (values.Length != Count(weight.Shape))
            throw new ArgumentException($"weight '{weight.Name}' should hold {Count(weight.Shape)} values, but {values.Length} were given");
        stream.Write(type == StoredType.Float32 ? MemoryMarshal.AsBytes(values) : MemoryMarshal.AsBytes(Halves.Of(weight.Name, values)));
    });

    static StoredType TypeOf(WeightToStore weight, StoredType type) => weight.Shape.Length == 0 ? StoredType.Float32 : type;

    static long Count(long[] shape) => shape.Aggregate(1L, (count, size) => checked(count * size));
}
