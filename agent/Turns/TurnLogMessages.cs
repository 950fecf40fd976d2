namespace Rewas.Agent.Turns;

static partial class TurnLogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "Session {Session}: the turns could not be answered; it is tried again")]
    public static partial void TurnBroke(this ILogger log, Exception reason, string session);

    [LoggerMessage(2, LogLevel.Error, "Session {Session}: a turn failed; correlation {Correlation}")]
    public static partial void TurnFailed(this ILogger log, Exception bug, string session, string correlation);

    [LoggerMessage(3, LogLevel.Error, "A look for open turns or ended sessions failed; the next one comes soon")]
    public static partial void LookFailed(this ILogger log, Exception reason);
}
