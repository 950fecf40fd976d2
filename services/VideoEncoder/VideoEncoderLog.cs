namespace Rewas.VideoEncoder;

static partial class VideoEncoderLog
{
    [LoggerMessage(1, LogLevel.Information, "Features of {Windows} windows of a video of {VideoSeconds:F3} s in {Seconds:F3} s")]
    public static partial void Finished(this ILogger log, int windows, double videoSeconds, double seconds);
}
