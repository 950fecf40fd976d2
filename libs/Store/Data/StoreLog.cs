using Microsoft.Extensions.Logging;

namespace Rewas.Store.Data;

static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Warning, "The claim of {Thing} could not be renewed; it is tried again")]
    public static partial void BeatFailed(this ILogger log, Exception reason, string thing);

    [LoggerMessage(2, LogLevel.Warning, "The database is away; {What} is tried again")]
    public static partial void DatabaseAway(this ILogger log, Exception reason, string what);
}
