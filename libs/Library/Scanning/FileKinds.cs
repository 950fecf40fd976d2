using System.Collections.Frozen;

namespace Rewas.Library.Scanning;

/// <summary>The kind of a file, by its extension.</summary>
enum FileKind
{
    /// <summary>Ignored: pictures, texts, projects.</summary>
    Other,
    Recording,
    Video,
    Playlist,
}

static class FileKinds
{
    static readonly FrozenDictionary<string, FileKind> Kinds = new Dictionary<string, FileKind>(StringComparer.OrdinalIgnoreCase)
    {
        [".wav"] = FileKind.Recording,
        [".wave"] = FileKind.Recording,
        [".bwf"] = FileKind.Recording,
        [".rf64"] = FileKind.Recording,
        [".w64"] = FileKind.Recording,
        [".flac"] = FileKind.Recording,
        [".ogg"] = FileKind.Recording,
        [".oga"] = FileKind.Recording,
        [".opus"] = FileKind.Recording,
        [".mp3"] = FileKind.Recording,
        [".m4a"] = FileKind.Recording,
        [".aac"] = FileKind.Recording,
        [".aif"] = FileKind.Recording,
        [".aiff"] = FileKind.Recording,
        [".aifc"] = FileKind.Recording,
        [".wma"] = FileKind.Recording,
        [".mka"] = FileKind.Recording,
        [".mp4"] = FileKind.Video,
        [".mov"] = FileKind.Video,
        [".mkv"] = FileKind.Video,
        [".avi"] = FileKind.Video,
        [".webm"] = FileKind.Video,
        [".mpg"] = FileKind.Video,
        [".mpeg"] = FileKind.Video,
        [".m4v"] = FileKind.Video,
        [".wmv"] = FileKind.Video,
        [".flv"] = FileKind.Video,
        [".mts"] = FileKind.Video,
        [".m2ts"] = FileKind.Video,
        [".mxf"] = FileKind.Video,
        [".ogv"] = FileKind.Video,
        [".3gp"] = FileKind.Video,
        [".m3u"] = FileKind.Playlist,
        [".m3u8"] = FileKind.Playlist,
        [".pls"] = FileKind.Playlist,
        [".cue"] = FileKind.Playlist,
        [".xspf"] = FileKind.Playlist,
        [".asx"] = FileKind.Playlist,
        [".wpl"] = FileKind.Playlist,
        [".ffconcat"] = FileKind.Playlist,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static FileKind Of(string path) => Kinds.GetValueOrDefault(Path.GetExtension(path));
}
