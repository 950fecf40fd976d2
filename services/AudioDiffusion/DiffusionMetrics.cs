using System.Diagnostics.Metrics;
using Rewas.Hosting;

namespace Rewas.AudioDiffusion;

/// <summary>What autoscaling reads.</summary>
static class DiffusionMetrics
{
    /// <summary>Latents that wait while others are sampled.</summary>
    public static Gauge<int> QueueLength { get; } = RewasTelemetry.Meter.CreateGauge<int>("rewas.diffusion.queue.length", unit: null, "Latents that wait while others are sampled");

    /// <summary>Requests admitted, sampling and waiting together.</summary>
    public static Gauge<int> Requests { get; } = RewasTelemetry.Meter.CreateGauge<int>("rewas.diffusion.requests", unit: null, "Requests admitted, sampling and waiting together");

    /// <summary>Rows of a denoiser call.</summary>
    public static Histogram<int> BatchRows { get; } = RewasTelemetry.Meter.CreateHistogram("rewas.diffusion.batch.rows", unit: null, "Rows of a denoiser call", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256] });

    /// <summary>Time of a step: the call and the samplers, seconds.</summary>
    public static Histogram<double> StepDuration { get; } = RewasTelemetry.DurationHistogram("rewas.diffusion.step.duration", "A step: the denoiser's call and the samplers");

    /// <summary>From when a latent is ready to its first step, seconds.</summary>
    public static Histogram<double> WaitDuration { get; } = RewasTelemetry.DurationHistogram("rewas.diffusion.wait.duration", "From when a latent is ready to its first step");

    /// <summary>Latents that were looked for in the cache, by whether they were there.</summary>
    public static Counter<long> CacheLookups { get; } = RewasTelemetry.Meter.CreateCounter<long>("rewas.diffusion.cache.lookups", unit: null, "Latents that were looked for in the cache, by whether they were there");
}
