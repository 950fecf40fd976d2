namespace Rewas.Video;

/// <summary>A failure of ffmpeg or ffprobe. Callers turn it into a fault in the user's terms.</summary>
sealed class MediaProcessException(string program, int exitCode, string said) : Exception($"{program} ended with {exitCode}: {said}")
{
    /// <summary>The end of its standard error.</summary>
    public string Said { get; } = said;

    /// <summary>The last line of its standard error, without the component's address.</summary>
    public string LastLine
    {
        get
        {
            var line = Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault($"exit code {exitCode}");
            return line.StartsWith('[') && line.Contains("] ", StringComparison.Ordinal)
                ? line[(line.IndexOf("] ", StringComparison.Ordinal) + 2)..]
                : line;
        }
    }

    public bool Mentions(string words) => Said.Contains(words, StringComparison.OrdinalIgnoreCase);
}
