using System.Diagnostics.Metrics;
using Rewas.Hosting;

namespace Rewas.AudioDiffusion;

/// <summary>Metrics, also for autoscaling.</summary>
static class DiffusionMetrics
{
    /// <summary>Latents that wait while others are sampled.</summary>
    public static Gauge<int> QueueLength { get; } = RewasTelemetry.Meter.CreateGauge<int>(
        "rewas.diffusion.queue.length", unit: null, "Latents that wait while others are sampled");

    /// <summary>Admitted requests, running and waiting together.</summary>
    public static Gauge<int> Requests { get; } = RewasTelemetry.Meter.CreateGauge<int>(
        "rewas.diffusion.requests", unit: null, "Requests admitted, sampling and waiting together");

    /// <summary>Rows per denoiser call.</summary>
    public static Histogram<int> BatchRows { get; } = RewasTelemetry.Meter.CreateHistogram(
        "rewas.diffusion.batch.rows", unit: null, "Rows of a denoiser call", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256] });

    /// <summary>Duration of a step (denoiser call and samplers), seconds.</summary>
    public static Histogram<double> StepDuration { get; } =
        RewasTelemetry.DurationHistogram("rewas.diffusion.step.duration", "A step: the denoiser's call and the samplers");

    /// <summary>Time from a latent's readiness to its first step, seconds.</summary>
    public static Histogram<double> WaitDuration { get; } =
        RewasTelemetry.DurationHistogram("rewas.diffusion.wait.duration", "From when a latent is ready to its first step");

    /// <summary>Cache lookups of latents, by hit or miss.</summary>
    public static Counter<long> CacheLookups { get; } = RewasTelemetry.Meter.CreateCounter<long>(
        "rewas.diffusion.cache.lookups", unit: null, "Latents that were looked for in the cache, by whether they were there");
}
