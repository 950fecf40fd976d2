using Rewas.Faults;

namespace Rewas.Video;

/// <summary>A kind of video file that is written, chosen by the ending of its name.</summary>
/// <param name="Ending">Of the name, as messages propose it.</param>
/// <param name="Format">ffmpeg's name of it.</param>
/// <param name="AudioArguments">How its sound is encoded.</param>
public sealed record OutputContainer(string Ending, string Format, string[] AudioArguments)
{
    /// <summary>AAC allows 192 kbit/s of mono only from 32 kHz on, and Opus knows no other rate that players agree on.</summary>
    public const int UsualRate = 48_000;

    static readonly string[] Endings = [".mp4", ".mov", ".mkv", ".webm"];

    /// <summary>Picture codecs that ffmpeg writes into MP4.</summary>
    static readonly string[] InMp4 = ["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "png", "jpeg2000"];

    static readonly string[] InWebM = ["vp8", "vp9", "av1"];

    /// <summary>QuickTime has a name for nearly every codec, but none that players know for these.</summary>
    static readonly string[] NotInMov = ["vp8", "vp9", "av1", "dirac", "vvc"];

    static readonly string[] TextSubtitles = ["subrip", "ass", "ssa", "webvtt", "mov_text", "text"];
    static readonly string[] PictureSubtitles = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"];

    /// <summary>All that are written.</summary>
    public static IEnumerable<OutputContainer> All => Endings.Select(ending => Of(ending));

    /// <summary>MP4 or QuickTime.</summary>
    public bool IsIso => Format is "mp4" or "mov";

    /// <summary>Says by how much its picture is turned.</summary>
    public bool KeepsTurn => IsIso;

    /// <summary>Can hold frames that are decoded and not shown.</summary>
    public bool HidesFrames => IsIso;

    /// <summary>Can hold a transparency that VP8 and VP9 code beside the picture.</summary>
    public bool KeepsAlphaBeside => !IsIso;

    /// <summary>Can hold files, such as fonts.</summary>
    public bool HoldsFiles => Format == "matroska";

    /// <summary>Finds out whether a name can be a video's.</summary>
    /// <exception cref="InputFault">Its ending is another.</exception>
    public static void ThrowUnlessName(string path) => Of(path);

    /// <param name="path">Ends in .mp4, .m4v, .mov, .mkv or .webm.</param>
    /// <param name="sampleRate">Of the sound; below 32 kHz it is encoded at 48 kHz, as in WebM always.</param>
    /// <param name="channels">Of the sound.</param>
    /// <exception cref="InputFault">Another ending.</exception>
    public static OutputContainer Of(string path, int sampleRate = UsualRate, int channels = 1)
    {
        string[] aac = ["-c:a", "aac", "-b:a", channels == 1 ? "192k" : "256k", "-ar", $"{(sampleRate < 32_000 ? UsualRate : sampleRate)}"];
        string[] opus = ["-c:a", "libopus", "-b:a", channels == 1 ? "128k" : "192k", "-ar", $"{UsualRate}"];
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".mp4" or ".m4v" => new(".mp4", "mp4", aac),
            ".mov" => new(".mov", "mov", aac),
            ".mkv" => new(".mkv", "matroska", aac),
            ".webm" => new(".webm", "webm", opus),
            var ending => throw InputFault.Invalid("output", $"its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, but ends in '{ending}'"),
        };
    }

    /// <summary>Can hold pictures of a codec, by ffprobe's name of it.</summary>
    public bool Holds(string codec) => Format switch
    {
        "mp4" => InMp4.Contains(codec),
        "mov" => !NotInMov.Contains(codec),
        "webm" => InWebM.Contains(codec),
        _ => codec != "vvc",
    };

    /// <summary>
    /// ffmpeg's encoder for subtitles of a codec ("copy": none is needed), or null where it cannot hold them. Words stay; their looks may not.
    /// </summary>
    public string? SubtitlesAs(string codec) => Format switch
    {
        "webm" => codec == "webvtt" ? "copy" : TextSubtitles.Contains(codec) ? "webvtt" : null,
        "matroska" when codec == "mov_text" => "srt",
        "matroska" => TextSubtitles.Contains(codec) || PictureSubtitles.Contains(codec) ? "copy" : null,
        _ => codec == "mov_text" ? "copy" : TextSubtitles.Contains(codec) ? "mov_text" : null,
    };
}
