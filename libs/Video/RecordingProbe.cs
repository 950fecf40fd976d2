using System.Globalization;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Asks ffprobe for the header of a recording.</summary>
public static class RecordingProbe
{
    const string Field = "recording";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <param name="path">An existing file.</param>
    /// <param name="cancellation">Kills ffprobe.</param>
    /// <exception cref="InputFault">
    /// Invalid: no recording that can be read. Precondition: ffmpeg is not installed. Environment: ffprobe took too long.
    /// </exception>
    public static async Task<RecordingFacts> ReadAsync(string path, CancellationToken cancellation = default)
    {
        await using var process = MediaProcess.Start(Ffmpeg.Locate().ProberPath, Arguments(path), Limit, cancellation);
        try
        {
            using var answer = JsonDocument.Parse(await process.ReadTextAsync());
            return Read(answer.RootElement);
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid(Field, $"no recording that can be read: {failure.LastLine}", failure);
        }
        catch (InputFault fault) when (process.TimedOut)
        {
            throw InputFault.Environment(Field, $"its header was not read within {Limit.TotalSeconds} s", fault);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw InputFault.Invalid(Field, "its header cannot be understood", failure);
        }
    }

    static IEnumerable<string> Arguments(string path) =>
    [
        .. Ffmpeg.CommonToProber,
        "-protocol_whitelist", "file,pipe", "-format_whitelist", SoundReader.Containers,
        "-of", "json=c=1",
        "-show_entries",
        "format=duration:format_tags:stream=codec_type,sample_rate,channels,duration:stream_disposition=attached_pic:stream_tags",
        "-i", Ffmpeg.Argument(path),
    ];

    static RecordingFacts Read(JsonElement answer)
    {
        JsonElement[] streams = [.. answer.GetProperty("streams").EnumerateArray()];
        var hasPicture = streams.Any(stream => Text(stream, "codec_type") == "video" && !IsCover(stream));
        var sound = Array.Find(streams, stream => Text(stream, "codec_type") == "audio");
        if (sound.ValueKind == JsonValueKind.Undefined && !hasPicture)
            throw InputFault.Invalid(Field, "has no sound");
        var format = answer.TryGetProperty("format", out var whole) ? whole : default;
        return new(
            Seconds(sound) ?? Seconds(format),
            int.TryParse(Text(sound, "sample_rate"), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
            sound.ValueKind == JsonValueKind.Object && sound.TryGetProperty("channels", out var channels)
                && channels.TryGetInt32(out var count) ? count : 0,
            hasPicture,
            [.. Tags(format), .. Tags(sound)]);
    }

    static bool IsCover(JsonElement stream) =>
        stream.TryGetProperty("disposition", out var disposition) && disposition.TryGetProperty("attached_pic", out var cover)
            && cover.TryGetInt32(out var is1) && is1 == 1;

    static IEnumerable<KeyValuePair<string, string>> Tags(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object
            ? tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.ToString()))
            : [];

    static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    static double? Seconds(JsonElement parent) =>
        double.TryParse(Text(parent, "duration"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;
}
