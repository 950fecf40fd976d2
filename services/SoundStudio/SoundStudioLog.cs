namespace Rewas.SoundStudio;

static partial class SoundStudioLog
{
    [LoggerMessage(1, LogLevel.Warning, "Render {Render} could not be made or noted; it is tried again")]
    public static partial void RenderBroke(this ILogger log, Exception reason, string render);

    [LoggerMessage(2, LogLevel.Error, "Render {Render} failed; correlation {Correlation}")]
    public static partial void RenderFailed(this ILogger log, Exception bug, string render, string correlation);

    [LoggerMessage(3, LogLevel.Error, "A sweep failed; the next one comes soon")]
    public static partial void SweepFailed(this ILogger log, Exception reason);

    [LoggerMessage(4, LogLevel.Warning, "An attempt at render {Render} could not be handed back, so it counts")]
    public static partial void AttemptCounts(this ILogger log, Exception reason, string render);
}
