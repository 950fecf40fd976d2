using System.ComponentModel.DataAnnotations;

namespace Rewas.SoundStudio;

/// <summary>Limits and quotas of the studio. Configuration section "SoundStudio".</summary>
public sealed record SoundStudioOptions
{
    /// <summary>Address of the stages: a gateway, several separated by ";", or an all-in-one host. Default http://127.0.0.1:5100.</summary>
    [Required]
    public string Stages { get; init; } = "http://127.0.0.1:5100";

    /// <summary>Folder of the videos. Default: empty, a folder in the system's temporary folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Most videos and recordings at a time. Default 256, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxVideos { get; init; } = 256;

    /// <summary>Largest video in bytes. Default 2 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxVideoBytes { get; init; } = 2L << 30;

    /// <summary>Most bytes of all videos, by their announced lengths. Default 16 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxTotalBytes { get; init; } = 16L << 30;

    /// <summary>Longest video. Default 15 minutes, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most renders kept for one video. Default 64, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRendersPerVideo { get; init; } = 64;

    /// <summary>Most renders made at a time. Default 8, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRunningRenders { get; init; } = 8;

    /// <summary>Most videos and recordings of one caller at a time, if callers are identified. Default 128, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxVideosPerCaller { get; init; } = 128;

    /// <summary>Most bytes of one caller's videos. Default 8 GiB, 1 KiB to 100 TiB.</summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxBytesPerCaller { get; init; } = 8L << 30;

    /// <summary>Most renders of one caller made at a time. Default 4, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxRunningRendersPerCaller { get; init; } = 4;

    /// <summary>
    /// Longest time for looking at a video. An earlier deadline of the caller applies instead. Default 1 hour, 1 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnalysisTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Lease: an unused video is deleted after this time. Default 1 hour, 1 s to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Lease of a project and of what it keeps. Default 7 days, 1 s to 365 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan ProjectLease { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most projects at a time. Default 1000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxProjects { get; init; } = 1000;

    /// <summary>Most projects of one caller at a time, if callers are identified. Default 100, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxProjectsPerCaller { get; init; } = 100;

    /// <summary>An upload ends if no bytes arrive for this time. It may be resumed. Default 1 minute, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
