using System.ComponentModel.DataAnnotations;
using Rewas.Clip.Names;
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

    /// <summary>
    /// Most videos decoded and encoded at once. Others wait. There are fewer places if their decoders would not fit into the memory of the
    /// container or machine. Default 4, range 1 to 64.
    /// </summary>
    [Range(1, 64)]
    public int MaxConcurrentVideos { get; init; } = 4;

    /// <summary>Most of them for one caller, if callers are identified. Default 2, range 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxVideosPerCaller { get; init; } = 2;

    /// <summary>Videos that may wait for a place before new uploads are refused. Default 16, range 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxWaitingVideos { get; init; } = 16;

    /// <summary>
    /// Most memory of one decoder, bytes. A video that takes more is refused. Ordinary 4K video takes up to 400 MiB. Default 512 MiB, range
    /// 128 MiB to 64 GiB.
    /// </summary>
    [Range(128L << 20, 64L << 30)]
    public long MaxDecoderBytes { get; init; } = ByDefault.MaxDecoderBytes;

    /// <summary>Most calls that upload, wait or encode at once. More are refused. Default 128, range 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentUploads { get; init; } = 128;

    /// <summary>Most of them for one caller, if callers are identified. Default 32, range 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxUploadsPerCaller { get; init; } = 32;

    /// <summary>
    /// Most bytes of all uploads together. One identified caller gets half of them. Default 6 GiB, range 1 KiB to 100 TiB.
    /// </summary>
    [Range(1L << 10, 100L << 40)]
    public long MaxTotalUploadBytes { get; init; } = 6L << 30;

    /// <summary>
    /// Least average rate of an upload, bytes per second, after <see cref="IdleTimeout"/>. Default 32 KiB, range 0 (none) to 1 GiB.
    /// </summary>
    [Range(0L, 1L << 30)]
    public long MinUploadBytesPerSecond { get; init; } = 32 << 10;

    /// <summary>Segments per network call. More are faster on a GPU; fewer reduce latency. Default 2, range 1 to 64.</summary>
    [Range(1, 64)]
    public int SegmentsPerCall { get; init; } = 2;

    /// <summary>
    /// Number format of the encoder: "f32"; "int8", which is faster for encoders with wide linear layers and runs only on CPUs; "f16", for
    /// GPUs; or empty (default), the bundle's. In int8 a call takes one segment. Replicas must use the same format, or equal videos give
    /// different curves.
    /// </summary>
    [AllowedValues("", PrecisionNames.Float32, PrecisionNames.Int8, PrecisionNames.Float16,
        ErrorMessage = "Precision must be f32, int8, f16 or empty (as the bundle says)")]
    public string Precision { get; init; } = "";

    /// <summary>Longest wait for the next bytes of an upload. Default 30 s, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest total time of an upload. Default 30 minutes, range 1 s to 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest wait until the caller takes a response. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Folder for uploads, which are deleted when the call ends. Default: the system's temporary folder.</summary>
    public string? TemporaryFolder { get; init; }
}
