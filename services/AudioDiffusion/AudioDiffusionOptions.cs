using System.ComponentModel.DataAnnotations;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>Limits of the third stage. Configuration section "AudioDiffusion".</summary>
public sealed record AudioDiffusionOptions
{
    /// <summary>Most windows of one request; 176 are 15 minutes. Default 176, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxWindows { get; init; } = 176;

    /// <summary>Requests admitted at once, sampling and waiting together; further ones are refused. Default 64, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int QueueCapacity { get; init; } = 64;

    /// <summary>
    /// Rows of one denoiser call at most: a latent takes 2 with guidance, 3 with another scale for the energy, 1 without. More share a call better; fewer
    /// make a step shorter. Default 8, 3 to 256.
    /// </summary>
    [Range(3, 256)]
    public int MaxBatchRows { get; init; } = 8;

    /// <summary>
    /// In which numbers the steps are computed: "f32"; "int8", faster for denoisers of many channels, on CPUs alone; or empty, the default: as the bundle says. Replicas that
    /// share requests must agree, or the same request does not give the same samples.
    /// </summary>
    [AllowedValues("", PrecisionNames.Float32, PrecisionNames.Int8, ErrorMessage = "Precision must be f32, int8 or empty (as the bundle says)")]
    public string Precision { get; init; } = "";

    /// <summary>A batch request counts as if it had come so much later: for so long interactive ones overtake it. Default 1 minute, 0 to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A request whose next message does not come for so long is ended. Default 15 minutes, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Where sampled windows are kept, latent and mel, to be found again by requests that ask for the same. Empty, the default: nowhere.</summary>
    public string LatentCacheFolder { get; init; } = "";

    /// <summary>Most bytes that are kept there; a window takes 160 KB with the embedded bundle. Default 256 MB, 1 MB to 1 TB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long LatentCacheBytes { get; init; } = 256L << 20;
}
