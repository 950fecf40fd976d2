using Rewas.Faults;

namespace Rewas.Video;

/// <summary>A kind of video file that is written, chosen by the ending of its name.</summary>
public sealed record OutputContainer(string Format, string[] AudioArguments)
{
    /// <summary>AAC allows 192 kbit/s of mono only from 32 kHz on, and Opus knows no other rate that players agree on.</summary>
    public const int UsualRate = 48_000;

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
            ".mp4" or ".m4v" => new("mp4", [.. aac, "-movflags", "+faststart"]),
            ".mov" => new("mov", [.. aac, "-movflags", "+faststart"]),
            ".mkv" => new("matroska", aac),
            ".webm" => new("webm", opus),
            var ending => throw InputFault.Invalid("output", $"its name must end in .mp4, .m4v, .mov, .mkv or .webm, or in .wav or .flac for the sound alone, but ends in '{ending}'"),
        };
    }
}
