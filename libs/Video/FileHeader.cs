using System.Text.Json;
using FFMpegCore;
using FFMpegCore.Exceptions;

namespace Rewas.Video;

/// <summary>What the header of a video file says, after FFMpegCore's model of ffprobe's answer. Not to be relied on: files lie.</summary>
sealed class FileHeader
{
    /// <summary>What ffprobe is asked for; nothing whose shape a file could choose. FFMpegCore reads times as hours, minutes, seconds.</summary>
    public static string[] Question =>
    [
        "-of", "json", "-sexagesimal", "-show_entries",
        "format=format_name,start_time,duration:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,field_order,start_time,duration"
            + ":stream_disposition=attached_pic:stream_side_data=side_data_type,rotation:stream_tags=DURATION:program_version=version",
    ];

    readonly IMediaAnalysis answer;

    FileHeader(IMediaAnalysis answer, VideoStream? picture, string version) => (this.answer, Picture, FfmpegVersion) = (answer, picture, version);

    /// <summary>The first moving picture, or null; cover art does not count.</summary>
    public VideoStream? Picture { get; }

    public bool HasAudio => answer.AudioStreams.Count > 0;

    /// <summary>Version of the ffprobe that answered, e.g. "5.1.9-0+deb12u1".</summary>
    public string FfmpegVersion { get; }

    public string Container => answer.Format.FormatName ?? "";

    /// <summary>Time of the first packet of any stream, by the file's own clock.</summary>
    public TimeSpan Start => answer.Format.StartTime;

    /// <summary>
    /// Length of the picture where headers state it (elsewhere ffprobe estimates it from the bit rate); zero where they do not.
    /// Matroska states when it ends.
    /// </summary>
    public TimeSpan PictureDuration =>
        Picture is null ? TimeSpan.Zero
        : Container.StartsWith("mov", StringComparison.Ordinal) ? Picture.Duration
        : Container.StartsWith("matroska", StringComparison.Ordinal) && Picture.Duration > Picture.StartTime ? Picture.Duration - Picture.StartTime
        : TimeSpan.Zero;

    /// <exception cref="InvalidDataException">It cannot be understood.</exception>
    public static FileHeader Parse(string json)
    {
        try
        {
            var answer = FFProbe.FromJson(json);
            using var whole = JsonDocument.Parse(json);
            var version = whole.RootElement.GetProperty("program_version").GetProperty("version").GetString();
            return new(answer, answer.VideoStreams.FirstOrDefault(stream => stream.Disposition?.GetValueOrDefault("attached_pic") != true), version ?? "");
        }
        catch (Exception failure) when (failure is FFMpegException or JsonException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new InvalidDataException("the header cannot be understood", failure);
        }
    }
}

static class PictureStream
{
    /// <summary>Degrees clockwise, in quarter turns: 0, 90, 180 or 270. ffprobe's angle is counter-clockwise.</summary>
    public static int ClockwiseRotation(this VideoStream picture) => (int)Math.Round(-picture.Rotation / 90.0) % 4 is var quarters && quarters < 0 ? (quarters + 4) * 90 : quarters * 90;

    /// <summary>Width of a stored pixel over its height; 1 where it is not stated or absurd.</summary>
    public static double PixelAspect(this VideoStream picture)
    {
        var (width, height) = picture.SampleAspectRatio;
        return (double)width / height is >= 0.1 and <= 10 and var aspect ? aspect : 1;
    }

    /// <summary>The header says that its pictures are pairs of fields.</summary>
    public static bool IsInterlaced(this VideoStream picture) => picture.FieldOrder is "tt" or "bb" or "tb" or "bt";
}
