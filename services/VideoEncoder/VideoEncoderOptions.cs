using System.ComponentModel.DataAnnotations;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>Limits of the first stage. Configuration section "VideoEncoder".</summary>
public sealed record VideoEncoderOptions
{
    static readonly VideoLimits ByDefault = new();

    /// <summary>Largest upload, bytes. Default 2 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxUploadBytes { get; init; } = ByDefault.MaxFileBytes;

    /// <summary>Longest video. Default 15 minutes, 1 s to 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxVideoDuration { get; init; } = ByDefault.MaxDuration;

    /// <summary>Largest picture, pixels (width times height). Default 4096 x 2304, 64 to 16384 x 16384.</summary>
    [Range(64L, 16384L * 16384)]
    public long MaxPicturePixels { get; init; } = ByDefault.MaxPixels;

    /// <summary>Videos being uploaded, decoded and encoded at once; further ones are refused. Default 4, 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxConcurrentVideos { get; init; } = 4;

    /// <summary>Segments per network call: more are faster on a GPU, fewer answer sooner. Default 2, 1 to 64.</summary>
    [Range(1, 64)]
    public int SegmentsPerCall { get; init; } = 2;

    /// <summary>An upload whose next bytes do not come for so long is ended. Default 30 s, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An upload that takes longer is ended, however steadily it comes. Default 30 minutes, 1 s to 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Folder for the spooled upload, which is deleted when the call ends. Default: the system's temporary folder.</summary>
    public string? TemporaryFolder { get; init; }
}
