using System.Diagnostics.Metrics;
using Rewas.Hosting;

namespace Rewas.AudioDiffusion;

/// <summary>What autoscaling reads.</summary>
static class DiffusionMetrics
{
    /// <summary>Latents that wait while others are sampled.</summary>
    public static Gauge<int> QueueLength { get; } = RewasTelemetry.Meter.CreateGauge<int>("rewas.diffusion.queue.length");

    /// <summary>Rows of a denoiser call.</summary>
    public static Histogram<int> BatchRows { get; } = RewasTelemetry.Meter.CreateHistogram<int>("rewas.diffusion.batch.rows");

    /// <summary>Time of a step: the call and the samplers, seconds.</summary>
    public static Histogram<double> StepDuration { get; } = RewasTelemetry.Meter.CreateHistogram<double>("rewas.diffusion.step.duration", "s");

    /// <summary>From when a latent is ready to its first step, seconds.</summary>
    public static Histogram<double> WaitDuration { get; } = RewasTelemetry.Meter.CreateHistogram<double>("rewas.diffusion.wait.duration", "s");
}
