using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>
/// Reads a <see cref="MediaListing"/> as a stream. Packets are counted and not stored, so that memory does not grow with the file.
/// </summary>
sealed class MediaListingReader : IDisposable
{
    const int PartBytes = 64 << 10, LongestHeader = 4 << 20;

    readonly Dictionary<int, PacketTimes> packets = [];
    readonly ArrayBufferWriter<byte> header = new();
    readonly Utf8JsonWriter writer;
    Packet packet;
    string? field;
    bool inPackets, nextIsPackets;

    MediaListingReader() => writer = new(header);

    /// <param name="json">ffprobe's answer to <see cref="MediaListing.Question"/>.</param>
    /// <exception cref="JsonException">The answer is not JSON, e.g. because ffprobe ended early.</exception>
    /// <exception cref="InputFault">Exhausted: the header has more than 4 MiB.</exception>
    public static async Task<MediaListing> ReadAsync(Stream json)
    {
        using var reader = new MediaListingReader();
        await reader.ReadAllAsync(json);
        return new(reader.header.WrittenMemory, reader.packets);
    }

    public void Dispose() => writer.Dispose();

    async Task ReadAllAsync(Stream json)
    {
        var (part, filled, state) = (new byte[PartBytes], 0, new JsonReaderState());
        for (var ended = false; !ended;)
        {
            if (filled == part.Length)
                Array.Resize(ref part, part.Length <= LongestHeader ? 2 * part.Length : throw TooLong());
            var read = await json.ReadAsync(part.AsMemory(filled), CancellationToken.None);
            filled += read;
            ended = read == 0;
            var taken = Take(part.AsSpan(0, filled), ended, ref state);
            part.AsSpan(taken, filled - taken).CopyTo(part);
            filled -= taken;
            if (header.WrittenCount + writer.BytesPending > LongestHeader)
                throw TooLong();
        }
        writer.Flush();
    }

    int Take(ReadOnlySpan<byte> part, bool final, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(part, final, state);
        while (reader.Read())
            if (inPackets)
                TakeOfPacket(ref reader);
            else
                TakeOfHeader(ref reader);
        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    void TakeOfHeader(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when reader.CurrentDepth == 1 && reader.ValueTextEquals("packets"u8):
                nextIsPackets = true;
                break;
            case JsonTokenType.StartArray when nextIsPackets:
                (inPackets, nextIsPackets) = (true, false);
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan);
                break;
        }
    }

    /// <summary>Depth 1 is the list, 2 a packet, 3 its fields. Side data is deeper.</summary>
    void TakeOfPacket(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType, reader.CurrentDepth)
        {
            case (JsonTokenType.EndArray, 1):
                inPackets = false;
                break;
            case (JsonTokenType.StartObject, 2):
                packet = new();
                break;
            case (JsonTokenType.EndObject, 2):
                packet.AddTo(packets);
                break;
            case (JsonTokenType.PropertyName, 3):
                field = reader.GetString();
                break;
            case (JsonTokenType.Number, 3) when reader.TryGetInt64(out var number):
                packet.Set(field, number);
                break;
            case (JsonTokenType.String, 3) when field == "flags":
                packet.Hidden = reader.GetString()!.Contains('D', StringComparison.Ordinal);
                break;
        }
    }

    static InputFault TooLong() =>
        InputFault.Exhausted(
            "video", string.Create(CultureInfo.InvariantCulture, $"ffprobe described it in more than {LongestHeader} bytes"));

    struct Packet
    {
        int? stream;
        long? presentation, decoding;
        long duration;

        public bool Hidden { get; set; }

        public void Set(string? name, long value)
        {
            switch (name)
            {
                case "stream_index" when value is >= 0 and <= int.MaxValue:
                    stream = (int)value;
                    break;
                case "pts":
                    presentation = value;
                    break;
                case "dts":
                    decoding = value;
                    break;
                case "duration":
                    duration = Math.Max(0, value);
                    break;
            }
        }

        public readonly void AddTo(Dictionary<int, PacketTimes> packets)
        {
            if (stream is not { } index)
                return;
            if (!packets.TryGetValue(index, out var times))
                packets[index] = times = new();
            times.Add(presentation, decoding, duration, Hidden);
        }
    }
}
