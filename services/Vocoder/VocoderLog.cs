namespace Rewas.Vocoder;

static partial class VocoderLog
{
    [LoggerMessage(1, LogLevel.Information, "Sound of {Frames} mel frames in {Seconds:F3} s")]
    public static partial void Finished(this ILogger log, long frames, double seconds);
}
