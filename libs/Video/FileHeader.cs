using System.Globalization;
using System.Text.Json;
using FFMpegCore;
using FFMpegCore.Exceptions;

namespace Rewas.Video;

/// <summary>
/// The header of a video file, based on FFMpegCore's model of ffprobe's answer. Headers may be wrong and are not trusted.
/// </summary>
/// <remarks>FFMpegCore rounds times to milliseconds, so this class reads them from the same answer itself.</remarks>
sealed class FileHeader
{
    /// <summary>Headers round: 23.976 frames a second stand for 24000/1001, and the last frame may last longer.</summary>
    const double ToleratedRate = 0.002;

    readonly IMediaAnalysis answer;
    readonly Dictionary<int, JsonElement> streams;
    readonly JsonElement format;

    FileHeader(IMediaAnalysis answer, JsonElement whole)
    {
        this.answer = answer;
        streams = whole.GetProperty("streams").EnumerateArray().ToDictionary(stream => stream.GetProperty("index").GetInt32());
        format = whole.GetProperty("format");
        Picture = answer.VideoStreams.FirstOrDefault(stream => !IsCover(stream));
        FfmpegVersion = whole.GetProperty("program_version").GetProperty("version").GetString() ?? "";
    }

    /// <summary>The first moving picture, or null. Cover art does not count.</summary>
    public VideoStream? Picture { get; }

    public bool HasAudio => answer.AudioStreams.Count > 0;

    /// <summary>Version of the ffprobe that answered, e.g. "5.1.9-0+deb12u1".</summary>
    public string FfmpegVersion { get; }

    public string Container => answer.Format.FormatName ?? "";

    /// <summary>Time of the first packet of any stream, on the file's own clock.</summary>
    public TimeSpan? Start => Seconds(Text(format, "start_time"));

    /// <summary>The picture's clock.</summary>
    public TimeBase? PictureClock => TimeBase.Parse(OfPicture("time_base"));

    /// <summary>Whether frames are stored in another order than they are shown.</summary>
    public bool Reorders => Picture is not null && Number(streams[Picture.Index], "has_b_frames") is > 0;

    /// <summary>Whether the picture has a separately coded alpha channel, as in WebM.</summary>
    public bool HasAlphaBeside => OfPictureTags("alpha_mode") == "1";

    /// <summary>
    /// Rate of the frames: the stated one if it is near the measured one, else the mean that the header states, else the measured one.
    /// </summary>
    /// <param name="measured">Frames per second by the times of all packets.</param>
    public FrameRate RateNear(double measured) =>
        ((string?[])[OfPicture("r_frame_rate"), OfPicture("avg_frame_rate")]).Select(FrameRate.Parse)
            .FirstOrDefault(rate => rate is { } stated && Math.Abs(stated.PerSecond / measured - 1) < ToleratedRate)
        ?? FrameRate.OfDecimal(measured);

    /// <summary>
    /// The timecode of the first frame as text; null for none. Containers keep it with the picture, a track, or the file.
    /// </summary>
    public string? Timecode =>
        OfPictureTags("timecode")
        ?? streams.OrderBy(stream => stream.Key).Select(stream => Tag(stream.Value, "timecode")).FirstOrDefault(text => text is not null)
        ?? Tag(format, "timecode");

    /// <summary>
    /// Duration of the picture if headers state it; otherwise zero. Without a statement, ffprobe would estimate it from the bit rate.
    /// Matroska states the end time.
    /// </summary>
    public TimeSpan PictureDuration
    {
        get
        {
            if (Picture is null)
                return TimeSpan.Zero;
            if (Container.StartsWith("mov", StringComparison.Ordinal))
                return Seconds(OfPicture("duration")) ?? TimeSpan.Zero;
            if (!Container.StartsWith("matroska", StringComparison.Ordinal) || Clock(OfPictureTags("DURATION")) is not { } end)
                return TimeSpan.Zero;
            var start = Seconds(OfPicture("start_time")) ?? TimeSpan.Zero;
            return end > start ? end - start : TimeSpan.Zero;
        }
    }

    /// <summary>Names of the file's tags.</summary>
    public IReadOnlyList<string> Tags => [.. TagsOf(format).Select(tag => tag.Name)];

    /// <summary>All streams except picture and sound, in file order.</summary>
    public IReadOnlyList<SideStream> Others =>
    [
        .. streams.OrderBy(stream => stream.Key).Where(stream => stream.Key != Picture?.Index).Select(stream => SideStream.Of(
            stream.Key,
            Text(stream.Value, "codec_type"),
            Text(stream.Value, "codec_name"),
            Text(stream.Value, "codec_tag_string"),
            IsCover(answer.VideoStreams.FirstOrDefault(video => video.Index == stream.Key)),
            name => Tag(stream.Value, name))).OfType<SideStream>(),
    ];

    /// <exception cref="InvalidDataException">The header cannot be understood.</exception>
    public static FileHeader Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var whole = JsonDocument.Parse(json);
            return new(FFProbe.FromJson(System.Text.Encoding.UTF8.GetString(json.Span)), whole.RootElement.Clone());
        }
        catch (Exception failure) when (
            failure is FFMpegException or JsonException or FormatException or OverflowException
            or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException("the header cannot be understood", failure);
        }
    }

    static bool IsCover(VideoStream? stream) => stream?.Disposition?.GetValueOrDefault("attached_pic") == true;

    string? OfPicture(string name) => Picture is null ? null : Text(streams[Picture.Index], name);

    string? OfPictureTags(string name) => Picture is null ? null : Tag(streams[Picture.Index], name);

    static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    static IEnumerable<JsonProperty> TagsOf(JsonElement parent) =>
        parent.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object ? tags.EnumerateObject() : [];

    /// <summary>Reads a tag. Matroska writes tag names in capitals.</summary>
    static string? Tag(JsonElement stream, string name) =>
        TagsOf(stream).Where(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(tag => tag.Value.ToString()).FirstOrDefault();

    static TimeSpan? Seconds(string? text) =>
        decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(seconds) < 1_000_000_000
            ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    /// <summary>Reads Matroska's hours, minutes and seconds: "00:00:02.000000000".</summary>
    static TimeSpan? Clock(string? text) =>
        text?.Split(':') is [var hours, var minutes, var seconds]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var h) && h < 100_000
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
        && m < 60 && Seconds(seconds) is { } s && s >= TimeSpan.Zero
            ? TimeSpan.FromHours(h) + TimeSpan.FromMinutes(m) + s
            : null;
}

static class PictureStream
{
    /// <summary>Clockwise rotation in quarter turns: 0, 90, 180 or 270 degrees. ffprobe's angle is counter-clockwise.</summary>
    public static int ClockwiseRotation(this VideoStream picture) => ((int)Math.Round(-picture.Rotation / 90.0) % 4 + 4) % 4 * 90;

    /// <summary>Width of a stored pixel divided by its height; 1 if not stated or absurd.</summary>
    public static double PixelAspect(this VideoStream picture)
    {
        var (width, height) = picture.SampleAspectRatio;
        return (double)width / height is >= 0.1 and <= 10 and var aspect ? aspect : 1;
    }

    /// <summary>Whether the header states that pictures are pairs of fields.</summary>
    public static bool IsInterlaced(this VideoStream picture) => picture.FieldOrder is "tt" or "bb" or "tb" or "bt";
}
