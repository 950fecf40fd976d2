using System.ComponentModel.DataAnnotations;

namespace Rewas.SoundStudio;

/// <summary>Limits and quotas of the studio. Configuration section "SoundStudio".</summary>
public sealed record SoundStudioOptions
{
    /// <summary>Address of the stages: a gateway, or a host of all of them. Default http://127.0.0.1:5100.</summary>
    [Required]
    public string Stages { get; init; } = "http://127.0.0.1:5100";

    /// <summary>Where videos lie. Empty, the default: in the system's temporary folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Videos at a time. Default 32, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxVideos { get; init; } = 32;

    /// <summary>Bytes of one video. Default 2 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxVideoBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of all videos, as they were announced. Default 16 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxTotalBytes { get; init; } = 16L << 30;

    /// <summary>Longest video. Default 15 minutes, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Renders of one video that are kept. Default 16, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRendersPerVideo { get; init; } = 16;

    /// <summary>Renders that are made at a time. Default 8, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRunningRenders { get; init; } = 8;

    /// <summary>Videos of one caller at a time, where callers are told apart. Default 16, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxVideosPerCaller { get; init; } = 16;

    /// <summary>Bytes of one caller's videos. Default 8 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxBytesPerCaller { get; init; } = 8L << 30;

    /// <summary>Renders of one caller that are made at a time. Default 4, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRunningRendersPerCaller { get; init; } = 4;

    /// <summary>
    /// Longest time of looking at a video, where the caller's deadline is later or there is none. Default 1 hour, 1 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnalysisTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A video that was not used for so long is deleted. Default 1 hour, 1 s to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromHours(1);

    /// <summary>An upload whose next bytes do not come for so long is ended; it may be resumed. Default 1 minute, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
