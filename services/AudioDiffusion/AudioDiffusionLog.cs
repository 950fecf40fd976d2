namespace Rewas.AudioDiffusion;

static partial class AudioDiffusionLog
{
    [LoggerMessage(1, LogLevel.Information, "Sampled {Windows} windows of {Steps} steps in {Seconds:F3} s")]
    public static partial void Finished(this ILogger log, int windows, int steps, double seconds);

    [LoggerMessage(2, LogLevel.Warning, "Refused a request: all {Capacity} places of the queue are taken")]
    public static partial void QueueFull(this ILogger log, int capacity);
}
