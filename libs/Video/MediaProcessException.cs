namespace Rewas.Video;

/// <summary>ffmpeg or ffprobe failed. Callers turn it into a fault that says what the user asked for.</summary>
sealed class MediaProcessException(string program, int exitCode, string said) : Exception($"{program} ended with {exitCode}: {said}")
{
    /// <summary>The end of its standard error.</summary>
    public string Said { get; } = said;

    /// <summary>The last line of its standard error, without the address of the component that speaks.</summary>
    public string LastLine
    {
        get
        {
            var line = Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault($"exit code {exitCode}");
            return line.StartsWith('[') && line.Contains("] ", StringComparison.Ordinal) ? line[(line.IndexOf("] ", StringComparison.Ordinal) + 2)..] : line;
        }
    }

    public bool Mentions(string words) => Said.Contains(words, StringComparison.OrdinalIgnoreCase);
}
