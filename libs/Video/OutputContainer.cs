using Rewas.Faults;

namespace Rewas.Video;

/// <summary>A kind of video file that is written, chosen by the ending of its name.</summary>
sealed record OutputContainer(string Format, string[] AudioArguments)
{
    /// <summary>48 kHz: AAC allows 192 kbit/s of mono only from 32 kHz on, and Opus knows no other rate that players agree on.</summary>
    static readonly string[] Aac = ["-c:a", "aac", "-b:a", "192k", "-ar", "48000"];
    static readonly string[] Opus = ["-c:a", "libopus", "-b:a", "128k", "-ar", "48000"];

    public static OutputContainer Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mp4" or ".m4v" => new("mp4", [.. Aac, "-movflags", "+faststart"]),
        ".mov" => new("mov", [.. Aac, "-movflags", "+faststart"]),
        ".mkv" => new("matroska", Aac),
        ".webm" => new("webm", Opus),
        var ending => throw InputFault.Invalid("output", $"its name must end in .mp4, .m4v, .mov, .mkv or .webm, but ends in '{ending}'"),
    };
}
