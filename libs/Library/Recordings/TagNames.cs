using System.Collections.Frozen;

namespace Rewas.Library.Recordings;

/// <summary>
/// Names of tags that describe a sound. Names of Vorbis comments, ffprobe, LIST INFO, iXML and ID3 share one list, because they do not
/// clash.
/// </summary>
static class TagNames
{
    /// <summary>Most texts of a file, and most characters of each.</summary>
    public const int MostTexts = 32, MostCharacters = 1000;

    static readonly FrozenSet<string> Telling = new[]
    {
        "title", "subtitle", "description", "comment", "comments", "keywords", "keyword", "genre", "subject", "category", "subcategory",
        "fxname", "usercategory",
        "grouping", "synopsis", "note", "notes", "scene", "microphone", "location",
        "INAM", "ICMT", "IKEY", "ISBJ", "IGNR", "IPRD",
        "TIT1", "TIT2", "TIT3", "TCON", "COMM",
        "CATEGORYFULL", "CATID",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsTelling(string name) => Telling.Contains(name);

    /// <summary>The distinct texts of the tags that describe the sound.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<KeyValuePair<string, string>> tags) =>
    [
        .. tags.Where(tag => IsTelling(tag.Key) && !string.IsNullOrWhiteSpace(tag.Value))
            .Select(tag => tag.Value.Trim('\0', ' ')).Select(text => text[..Math.Min(text.Length, MostCharacters)]).Distinct()
                .Take(MostTexts),
    ];
}
