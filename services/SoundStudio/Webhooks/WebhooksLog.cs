namespace Rewas.SoundStudio.Webhooks;

static partial class WebhooksLog
{
    [LoggerMessage(1, LogLevel.Error, "Webhooks could not be sent or noted; they are tried again")]
    public static partial void WebhooksFailed(this ILogger log, Exception reason);
}
