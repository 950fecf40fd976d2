namespace Rewas.VideoEncoder;

static partial class VideoEncoderLog
{
    [LoggerMessage(1, LogLevel.Information, "Features of {Windows} windows of a video of {VideoSeconds:F3} s in {Seconds:F3} s")]
    public static partial void Finished(this ILogger log, int windows, double videoSeconds, double seconds);

    [LoggerMessage(2, LogLevel.Warning,
        "Only {Places} videos are decoded at once, not {Configured} (MaxConcurrentVideos): each may take {DecoderBytes} bytes "
        + "(MaxDecoderBytes) of {MemoryBytes}")]
    public static partial void FewerPlaces(this ILogger log, int places, int configured, long decoderBytes, long memoryBytes);
}
