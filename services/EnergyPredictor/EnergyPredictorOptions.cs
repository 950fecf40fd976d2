using System.ComponentModel.DataAnnotations;

namespace Rewas.EnergyPredictor;

/// <summary>Limits of the second stage. Configuration section "EnergyPredictor".</summary>
public sealed record EnergyPredictorOptions
{
    /// <summary>Most windows per request; 176 are 15 minutes. Default 176, range 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxWindows { get; init; } = 176;

    /// <summary>Largest reference recording, bytes. Default 256 MiB, range 1 KiB to 2 GiB minus one byte.</summary>
    [Range(1 << 10, int.MaxValue)]
    public int MaxRecordingBytes { get; init; } = 256 << 20;

    /// <summary>Longest reference recording. Default 15 minutes, range 1 s to 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxRecordingDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait for the next message of a request. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);
}
