using System.ComponentModel.DataAnnotations;
using Rewas.Clip.Names;

namespace Rewas.AudioDiffusion;

/// <summary>Limits of the third stage. Configuration section "AudioDiffusion".</summary>
public sealed record AudioDiffusionOptions
{
    /// <summary>Most windows per request; 176 are 15 minutes. Default 176, range 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxWindows { get; init; } = 176;

    /// <summary>
    /// Most requests admitted at once, running and waiting together. More are refused. A request is admitted when its first window has
    /// come, and holds no place while it waits for its next one. Default 64, range 1 to 1000.
    /// </summary>
    [Range(1, 1000)]
    public int QueueCapacity { get; init; } = 64;

    /// <summary>
    /// Most requests that are open at once, also while they send nothing. More are refused. Default 512, range 1 to 10000.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxOpenRequests { get; init; } = 512;

    /// <summary>
    /// Most of them for one caller, if callers are identified. It is also the caller's share of <see cref="QueueCapacity"/>. However many
    /// they are, they share the turns of one caller. Default 32, range 1 to 10000.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxRequestsPerCaller { get; init; } = 32;

    /// <summary>
    /// Most rows per denoiser call. A latent takes 2 rows with guidance, 3 with a separate energy scale, and 1 without guidance. More rows
    /// use a call better; fewer make a step shorter. Default 8, range 3 to 256.
    /// </summary>
    [Range(3, 256)]
    public int MaxBatchRows { get; init; } = 8;

    /// <summary>
    /// Number format of the sampling steps: "f32"; "int8", which is faster for denoisers with many channels and runs only on CPUs; "f16",
    /// for GPUs; or empty (default), the bundle's. Replicas that share requests must use the same format, or equal requests give different
    /// samples.
    /// </summary>
    [AllowedValues("", PrecisionNames.Float32, PrecisionNames.Int8, PrecisionNames.Float16,
        ErrorMessage = "Precision must be f32, int8, f16 or empty (as the bundle says)")]
    public string Precision { get; init; } = "";

    /// <summary>
    /// Time for which a batch request gets only the rows that interactive requests leave free. Then it takes turns like them. Default 1
    /// minute, range 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for the next message of a request. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait until the caller takes a response. Default 15 minutes, range 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Folder of the cache of sampled windows (latent and mel), which equal requests reuse. Empty (default): no cache.</summary>
    public string LatentCacheFolder { get; init; } = "";

    /// <summary>
    /// Size limit of that cache, bytes. A window takes 160 KB with the embedded bundle. Default 256 MB, range 1 MB to 1 TB.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long LatentCacheBytes { get; init; } = 256L << 20;
}
