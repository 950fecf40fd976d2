using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>A container of written videos, selected by the file name's ending.</summary>
/// <param name="Ending">Ending of the name, as messages propose it.</param>
/// <param name="Format">ffmpeg's name of the container.</param>
/// <param name="AudioArguments">ffmpeg's options for the sound.</param>
public sealed record OutputContainer(string Ending, string Format, string[] AudioArguments)
{
    /// <summary>Default sample rate. AAC allows 192 kbit/s mono only from 32 kHz, and for Opus players agree on no other rate.</summary>
    public const int UsualRate = 48_000;

    static readonly string[] Endings = [".mp4", ".mov", ".mkv", ".webm"];

    /// <summary>Picture codecs that ffmpeg writes into MP4.</summary>
    static readonly string[] InMp4 = ["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "png", "jpeg2000"];

    static readonly string[] InWebM = ["vp8", "vp9", "av1"];

    /// <summary>Codecs that QuickTime could hold, but under no name that players know.</summary>
    static readonly string[] NotInMov = ["vp8", "vp9", "av1", "dirac", "vvc"];

    static readonly string[] TextSubtitles = ["subrip", "ass", "ssa", "webvtt", "mov_text", "text"];
    static readonly string[] PictureSubtitles = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"];

    /// <summary>All supported containers.</summary>
    public static IEnumerable<OutputContainer> All => Endings.Select(ending => Of(ending));

    /// <summary>MP4 or QuickTime.</summary>
    public bool IsIso => Format is "mp4" or "mov";

    /// <summary>Whether the container stores the picture's rotation.</summary>
    public bool KeepsTurn => IsIso;

    /// <summary>Whether it can hold frames that are decoded but not shown.</summary>
    public bool HidesFrames => IsIso;

    /// <summary>Whether it can hold an alpha channel that VP8 and VP9 code separately.</summary>
    public bool KeepsAlphaBeside => !IsIso;

    /// <summary>Whether it can hold files, such as fonts.</summary>
    public bool HoldsFiles => Format == "matroska";

    /// <summary>Checks that a file name has the ending of a video.</summary>
    /// <exception cref="InputFault">It has another ending.</exception>
    public static void ThrowUnlessName(string path) => Of(path);

    /// <param name="path">Ends in .mp4, .m4v, .mov, .mkv or .webm.</param>
    /// <param name="sampleRate">Rate of the sound. AAC is encoded at 32 to 96 kHz, Opus in WebM at 48 kHz.</param>
    /// <param name="channels">Channels of the sound.</param>
    /// <exception cref="InputFault">The path has another ending.</exception>
    public static OutputContainer Of(string path, int sampleRate = UsualRate, int channels = 1)
    {
        string[] aac = ["-c:a", "aac", "-b:a", channels == 1 ? "192k" : "256k", "-ar", $"{AacRate(sampleRate)}"];
        string[] opus = ["-c:a", "libopus", "-b:a", channels == 1 ? "128k" : "192k", "-ar", $"{UsualRate}"];
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".mp4" or ".m4v" => new(".mp4", "mp4", aac),
            ".mov" => new(".mov", "mov", aac),
            ".mkv" => new(".mkv", "matroska", aac),
            ".webm" => new(".webm", "webm", opus),
            var ending => throw InputFault.Invalid(
                "output",
                "its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, " +
                $"but ends in '{ending}'"),
        };
    }

    /// <summary>The rate itself if AAC has it, half of a higher one, otherwise the usual rate.</summary>
    static int AacRate(int sampleRate) => sampleRate switch
    {
        32_000 or 44_100 or 48_000 or 88_200 or 96_000 => sampleRate,
        176_400 or 192_000 => sampleRate / 2,
        _ => UsualRate,
    };

    /// <summary>Whether it can hold pictures of a codec, by ffprobe's codec name.</summary>
    public bool Holds(string codec) => Format switch
    {
        "mp4" => InMp4.Contains(codec),
        "mov" => !NotInMov.Contains(codec),
        "webm" => InWebM.Contains(codec),
        _ => codec != "vvc",
    };

    /// <summary>
    /// ffmpeg's encoder for subtitles of a codec ("copy" if none is needed), or null if the container cannot hold them. The words stay;
    /// their formatting may be lost.
    /// </summary>
    public string? SubtitlesAs(string codec) => Format switch
    {
        "webm" => codec == "webvtt" ? "copy" : TextSubtitles.Contains(codec) ? "webvtt" : null,
        "matroska" when codec == "mov_text" => "srt",
        "matroska" => TextSubtitles.Contains(codec) || PictureSubtitles.Contains(codec) ? "copy" : null,
        _ => codec == "mov_text" ? "copy" : TextSubtitles.Contains(codec) ? "mov_text" : null,
    };
}
