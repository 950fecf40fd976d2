namespace Rewas.Sound.Wav;

/// <summary>Limits of a WAV file from outside.</summary>
public sealed record WavLimits
{
    /// <summary>Longest sound: 10 minutes by default.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most bytes read, headers included: 2 GiB by default.</summary>
    public long MaxBytes { get; init; } = 2L << 30;

    /// <summary>Lowest and highest sample rate, Hz: 1,000 to 192,000 by default.</summary>
    public int MinSampleRate { get; init; } = 1_000;

    public int MaxSampleRate { get; init; } = 192_000;

    /// <summary>Most channels: 32 by default.</summary>
    public int MaxChannels { get; init; } = 32;
}
