namespace Rewas.Library.Limits;

/// <summary>What a recording may be at most to be indexed, and how much of it is measured.</summary>
public sealed record LibraryLimits
{
    /// <summary>Longest recording. 2 hours by default.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Most bytes of a file. 8 GiB by default.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Most channels: 8 by default, as many as can be placed.</summary>
    public int MaxChannels { get; init; } = 8;

    /// <summary>Samples a second, lowest and highest: 8,000 to 192,000 by default.</summary>
    public int MinSampleRate { get; init; } = 8_000;

    public int MaxSampleRate { get; init; } = 192_000;

    /// <summary>Highest sample, full scale 1. 100 (40 dB over full scale) by default: what is louder is no sound.</summary>
    public float MaxSample { get; init; } = 100;

    /// <summary>How much of a recording is measured, from its start. 30 s by default.</summary>
    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most recordings below the folders of one run. 1,000,000 by default.</summary>
    public int MaxFiles { get; init; } = 1_000_000;

    /// <summary>Folders within folders. 64 by default.</summary>
    public int MaxDepth { get; init; } = 64;
}
