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

    /// <summary>Most recordings measured at once. Others wait. Default 2, range 1 to 64. Each takes 4 MB a minute of sound.</summary>
    [Range(1, 64)]
    public int MaxConcurrentRecordings { get; init; } = 2;

    /// <summary>Most of them for one caller, if callers are identified. Default 1, range 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxRecordingsPerCaller { get; init; } = 1;

    /// <summary>
    /// Most calls that upload a recording, wait or are measured at once. More are refused. Default 128, range 1 to 10000.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConcurrentUploads { get; init; } = 128;

    /// <summary>Most of them for one caller, if callers are identified. Default 32, range 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxUploadsPerCaller { get; init; } = 32;

    /// <summary>
    /// Most bytes of all uploads together. One identified caller gets half of them. Default 2 GiB, range 1 KiB to 100 TiB.
    /// </summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxTotalUploadBytes { get; init; } = 2L << 30;

    /// <summary>
    /// Least average rate of an upload, bytes per second, after <see cref="UploadIdleTimeout"/>. Default 32 KiB, range 0 (none) to 1 GiB.
    /// </summary>
    [Range(0L, 1L << 30)]
    public long MinUploadBytesPerSecond { get; init; } = 32 << 10;

    /// <summary>Longest wait for the next bytes of an upload. Default 30 s, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UploadIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder for uploads, which are deleted when the call ends. Default: the system's temporary folder.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Longest wait for the next message of a request. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait until the caller takes a response. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(15);
}
