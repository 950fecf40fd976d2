using System.ComponentModel.DataAnnotations;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>Limits of the first stage. Configuration section "VideoEncoder".</summary>
public sealed record VideoEncoderOptions
{
    static readonly VideoLimits ByDefault = new();

    /// <summary>Largest upload, bytes. Default 2 GiB, range 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxUploadBytes { get; init; } = ByDefault.MaxFileBytes;

    /// <summary>Longest video. Default 15 minutes, range 1 s to 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = ByDefault.MaxDuration;

    /// <summary>Largest picture, pixels (width times height). Default 4096 x 2304, range 64 to 16384 x 16384.</summary>
    [Range(64L, 16384L * 16384)]
    public long MaxPicturePixels { get; init; } = ByDefault.MaxPixels;

    /// <summary>Most videos uploaded, decoded and encoded at once. More are refused. Default 4, range 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxConcurrentVideos { get; init; } = 4;

    /// <summary>Segments per network call. More are faster on a GPU; fewer reduce latency. Default 2, range 1 to 64.</summary>
    [Range(1, 64)]
    public int SegmentsPerCall { get; init; } = 2;

    /// <summary>Longest wait for the next bytes of an upload. Default 30 s, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest total time of an upload. Default 30 minutes, range 1 s to 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Folder for uploads, which are deleted when the call ends. Default: the system's temporary folder.</summary>
    public string? TemporaryFolder { get; init; }
}
