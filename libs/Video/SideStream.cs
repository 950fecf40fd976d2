namespace Rewas.Video;

/// <summary>Kind of a stream other than picture and sound.</summary>
public enum SideKind
{
    /// <summary>Another moving picture.</summary>
    Video,

    /// <summary>A still picture of the whole film, which players show in lists.</summary>
    Cover,

    Subtitles,

    /// <summary>An attached file, such as a subtitle font.</summary>
    Attachment,

    /// <summary>Anything else, such as GPS positions of a camera.</summary>
    Data,
}

/// <summary>A stream of a video file other than its picture and sound.</summary>
/// <param name="Index">Index among all streams of the file.</param>
/// <param name="Codec">ffprobe's name, e.g. "subrip"; "unknown" if it has none.</param>
/// <param name="Tag">The container's four-character code of the codec, e.g. "gpmd".</param>
/// <param name="Label">Language or name of the attached file, for display; may be empty.</param>
public sealed record SideStream(int Index, SideKind Kind, string Codec, string Tag, string Label)
{
    const int LongestLabel = 60;

    /// <param name="index">Index among all streams of the file.</param>
    /// <param name="type">ffprobe's name, e.g. "subtitle".</param>
    /// <param name="codec">ffprobe's name.</param>
    /// <param name="codecTag">The container's four-character code of the codec.</param>
    /// <param name="isCover">Whether it is a still picture of the whole film.</param>
    /// <param name="tag">Looks up a tag of the stream by name.</param>
    /// <returns>Null for sound, and for streams that ffmpeg recreates by itself (chapters, time code).</returns>
    internal static SideStream? Of(int index, string? type, string? codec, string? codecTag, bool isCover, Func<string, string?> tag)
    {
        SideKind? kind = type switch
        {
            "video" => isCover ? SideKind.Cover : SideKind.Video,
            "subtitle" => SideKind.Subtitles,
            "attachment" => SideKind.Attachment,
            "data" when codecTag is not ("tmcd" or "text") => SideKind.Data,
            _ => null,
        };
        var label = tag(kind == SideKind.Attachment ? "filename" : "language");
        return kind is null ? null : new(index, kind.Value, codec ?? "unknown", codecTag ?? "", Printable(label));
    }

    bool IsFont => Codec is "ttf" or "otf" || Path.GetExtension(Label).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc";

    /// <summary>Makes untrusted text safe for a terminal.</summary>
    static string Printable(string? text) =>
        text is null or "und"
            ? ""
            : string.Concat(text.Where(c => char.IsLetterOrDigit(c) || char.IsPunctuation(c) || c == ' ').Take(LongestLabel));

    /// <summary>For display, e.g. "subtitles (subrip, eng)".</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            SideKind.Video => "second video",
            SideKind.Cover => "cover",
            SideKind.Subtitles => "subtitles",
            SideKind.Attachment => IsFont ? "font" : "attachment",
            _ => "data",
        };
        var codec = Codec != "unknown" ? Codec : Tag.Length == 4 && Tag.All(char.IsAsciiLetterOrDigit) ? Tag : "";
        var details = string.Join(", ", ((string[])[codec, Label]).Where(text => text.Length > 0));
        return details.Length > 0 ? $"{what} ({details})" : what;
    }
}
