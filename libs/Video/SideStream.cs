namespace Rewas.Video;

/// <summary>What a stream beside the picture and the sound is.</summary>
public enum SideKind
{
    /// <summary>Another moving picture.</summary>
    Video,

    /// <summary>A still picture of the whole film, as players show it in lists.</summary>
    Cover,

    Subtitles,

    /// <summary>A file inside the file, such as a font of the subtitles.</summary>
    Attachment,

    /// <summary>Anything else, such as a camera's positions.</summary>
    Data,
}

/// <summary>A stream of a video file beside its picture and its sound.</summary>
/// <param name="Index">Among all streams of the file.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Codec">As ffprobe names it, e.g. "subrip"; "unknown" where it knows none.</param>
/// <param name="Tag">Four characters by which the container calls its codec, e.g. "gpmd".</param>
/// <param name="Label">Its language or the name of the attached file, for people; empty where there is none.</param>
public sealed record SideStream(int Index, SideKind Kind, string Codec, string Tag, string Label)
{
    const int LongestLabel = 60;

    /// <param name="index">Among all streams of the file.</param>
    /// <param name="type">As ffprobe names it, e.g. "subtitle".</param>
    /// <param name="codec">As ffprobe names it.</param>
    /// <param name="codecTag">Four characters by which the container calls its codec.</param>
    /// <param name="isCover">It is a still picture of the whole film.</param>
    /// <param name="tag">A tag of the stream by its name.</param>
    /// <returns>Null: sound, or what ffmpeg makes anew by itself (chapters, time code).</returns>
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

    /// <summary>It was written by strangers and goes to a terminal.</summary>
    static string Printable(string? text) =>
        text is null or "und" ? "" : string.Concat(text.Where(c => char.IsLetterOrDigit(c) || char.IsPunctuation(c) || c == ' ').Take(LongestLabel));

    /// <summary>For people, e.g. "subtitles (subrip, eng)".</summary>
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
