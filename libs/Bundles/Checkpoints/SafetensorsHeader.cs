using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>
/// The header of a safetensors file: an 8-byte length, then JSON of that length, then the data. The header is not trusted: names must be
/// unique, types known, each shape must match its byte count, and the tensors must cover the data without gap or overlap.
/// </summary>
/// <remarks>Format: https://github.com/huggingface/safetensors#format.</remarks>
sealed class SafetensorsHeader
{
    public const int LengthBytes = 8;

    /// <summary>Limit set by the format.</summary>
    public const long MaximumBytes = 100_000_000;

    const int MaximumRank = 16;

    /// <summary>A tensor takes more memory here than its few bytes of JSON. The largest published models have some thousands.</summary>
    const int MostTensors = 100_000;
    const string MetadataKey = "__metadata__";

    static readonly Dictionary<string, StoredType> Types = new()
    {
        ["F32"] = StoredType.Float32,
        ["F16"] = StoredType.Float16,
        ["BF16"] = StoredType.BFloat16,
        ["F64"] = StoredType.Float64,
        ["I64"] = StoredType.Int64,
        ["I32"] = StoredType.Int32,
        ["I16"] = StoredType.Int16,
        ["I8"] = StoredType.Int8,
        ["U8"] = StoredType.UInt8,
        ["BOOL"] = StoredType.Bool,
    };

    readonly string field;
    readonly long dataStart;
    readonly long dataBytes;

    public Dictionary<string, StoredTensor> Tensors { get; } = [];

    /// <summary>First byte of each tensor in the file, and its length in bytes.</summary>
    public Dictionary<string, (long Offset, int Bytes)> Places { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    /// <param name="field">File name for messages.</param>
    /// <param name="json">The header without its length.</param>
    /// <param name="dataBytes">Number of bytes after the header.</param>
    public SafetensorsHeader(string field, ReadOnlySpan<byte> json, long dataBytes)
    {
        (this.field, this.dataBytes, dataStart) = (field, dataBytes, LengthBytes + json.Length);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            Read(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException) // not JSON, or not UTF-8 in a string
        {
            throw Fault($"header is not valid JSON: {e.Message}");
        }
        CheckCoverage();
    }

    public static string NameOf(StoredType type) => Types.First(pair => pair.Value == type).Key;

    void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject, "header is not an object");
        var metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.StartObject, $"'{name}' is not an object");
            if (name == MetadataKey)
            {
                Expect(!metadataSeen, $"'{MetadataKey}' occurs twice");
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else
            {
                if (Tensors.Count == MostTensors)
                    throw InputFault.Exhausted(field, $"has more than {MostTensors} tensors, which is the limit");
                Expect(Tensors.TryAdd(name, ReadTensor(ref reader, name)), $"tensor '{name}' occurs twice");
            }
        }
        reader.Read();                                                                   // throws on anything but white space
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String, $"metadata '{key}' is not a string");
            Expect(Metadata.TryAdd(key, reader.GetString()!), $"metadata '{key}' occurs twice");
        }
    }

    StoredTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        StoredType? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(reader.TokenType == JsonTokenType.String, $"tensor '{name}': dtype is not a string");
                    var dtype = reader.GetString()!;
                    Expect(
                        Types.TryGetValue(dtype, out var known),
                        $"tensor '{name}': dtype '{dtype}' is not one of {string.Join(", ", Types.Keys)}");
                    type = known;
                    break;
                case "shape" when shape is null:
                    shape = ReadSizes(ref reader, name, key, MaximumRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadSizes(ref reader, name, key, 2);
                    break;
                default:
                    throw Fault($"tensor '{name}': '{key}' is unknown or occurs twice");
            }
        }
        Expect(
            type is not null && shape is not null && offsets is { Count: 2 },
            $"tensor '{name}' lacks dtype, shape or its two data_offsets");
        return Place(name, type!.Value, [.. shape!], offsets![0], offsets[1]);
    }

    List<long> ReadSizes(ref Utf8JsonReader reader, string name, string key, int maximumCount)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, $"tensor '{name}': {key} is not an array");
        var sizes = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(sizes.Count < maximumCount, $"tensor '{name}': {key} has more than {maximumCount} numbers");
            Expect(
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var size) && size >= 0,
                $"tensor '{name}': {key} holds something else than sizes");
            sizes.Add(reader.GetInt64());
        }
        return sizes;
    }

    StoredTensor Place(string name, StoredType type, long[] shape, long begin, long end)
    {
        Expect(begin <= end && end <= dataBytes, $"tensor '{name}': bytes {begin} to {end} are outside the data, which has {dataBytes}");
        Int128 bytes = StoredTensor.SizeOf(type);
        foreach (var size in shape)
            bytes = Int128.Min(bytes * size, long.MaxValue); // saturates, so that an overflow cannot wrap round to a match
        Expect(
            bytes == end - begin,
            $"tensor '{name}': {NameOf(type)} [{string.Join(", ", shape)}] takes {bytes} bytes, but {end - begin} are given");
        if (bytes > int.MaxValue)
            throw InputFault.Exhausted(field, $"tensor '{name}' takes {bytes} bytes; the limit is {int.MaxValue}");
        Places[name] = (dataStart + begin, (int)(end - begin));
        return new StoredTensor(name, type, shape, (int)(end - begin) / StoredTensor.SizeOf(type));
    }

    void CheckCoverage()
    {
        var reached = dataStart;
        foreach (var (name, (offset, bytes)) in Places.OrderBy(place => place.Value))
        {
            Expect(offset >= reached, $"tensor '{name}' overlaps the one before it");
            Expect(offset == reached, $"{offset - reached} bytes before tensor '{name}' belong to no tensor");
            reached += bytes;
        }
        Expect(reached == dataStart + dataBytes, $"the last {dataStart + dataBytes - reached} bytes belong to no tensor");
    }

    void Expect(bool condition, string otherwise)
    {
        if (!condition)
            throw Fault(otherwise);
    }

    InputFault Fault(string message) => InputFault.Precondition(field, message);
}
