using Grpc.Core;
using Microsoft.Extensions.Logging;
using Rewas.Clip.Faults;

namespace Rewas.Hosting;

static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "{Method} refused ({Kind}): {Message}")]
    public static partial void Refused(this ILogger log, string method, FaultKind kind, string message);

    [LoggerMessage(2, LogLevel.Information, "{Method} ended early: {Status}")]
    public static partial void EndedEarly(this ILogger log, string method, StatusCode status);

    [LoggerMessage(3, LogLevel.Error, "{Method} failed; correlation {Correlation}")]
    public static partial void Bug(this ILogger log, Exception bug, string method, string correlation);

    [LoggerMessage(4, LogLevel.Information, "Bundle {Name} from {Directory}, SHA-256 {Sha256}, weights under {Licence}")]
    public static partial void BundleLoaded(this ILogger log, string name, string directory, string sha256, string licence);

    [LoggerMessage(5, LogLevel.Information, "Stopping: {Running} running calls may finish within {Seconds} s")]
    public static partial void Draining(this ILogger log, int running, double seconds);

    [LoggerMessage(6, LogLevel.Warning, "{Running} calls did not finish in time and are cancelled")]
    public static partial void HandingBack(this ILogger log, int running);

    [LoggerMessage(20, LogLevel.Information, "{Folders} temporary folders of killed processes were deleted")]
    public static partial void LeftOversDeleted(this ILogger log, int folders);

    [LoggerMessage(21, LogLevel.Warning, "Temporary folders of killed processes could not be deleted")]
    public static partial void LeftOversStay(this ILogger log, Exception reason);

    [LoggerMessage(22, LogLevel.Warning, "{Method}: the database is away")]
    public static partial void DatabaseAway(this ILogger log, Exception reason, string method);
}
