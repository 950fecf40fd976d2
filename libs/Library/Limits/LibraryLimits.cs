namespace Rewas.Library.Limits;

/// <summary>Limits for recordings, and how much of each is measured.</summary>
public sealed record LibraryLimits
{
    /// <summary>Longest recording. Default 2 hours.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Largest file in bytes. Default 8 GiB.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Most channels. Default 8, the most for which speaker positions are known.</summary>
    public int MaxChannels { get; init; } = 8;

    /// <summary>Lowest and highest sample rate in Hz. Default 8,000 to 192,000.</summary>
    public int MinSampleRate { get; init; } = 8_000;

    public int MaxSampleRate { get; init; } = 192_000;

    /// <summary>Largest sample; full scale is 1. Default 100 (40 dB over full scale). Anything louder is not sound.</summary>
    public float MaxSample { get; init; } = 100;

    /// <summary>Length of the measured part, from the start. Default 30 s.</summary>
    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most recordings in one run. Default 1,000,000.</summary>
    public int MaxFiles { get; init; } = 1_000_000;

    /// <summary>Deepest nesting of folders. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;
}
