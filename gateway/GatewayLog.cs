namespace Rewas.Gateway;

static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Information, "{Name} is {Replicas}")]
    public static partial void NameHas(this ILogger log, string name, string replicas);

    [LoggerMessage(2, LogLevel.Debug, "{Name} cannot be looked up: {Reason}")]
    public static partial void NameUnknown(this ILogger log, string name, string reason);

    [LoggerMessage(3, LogLevel.Error, "The replicas could not be looked up; those that were found before stay")]
    public static partial void LookUpFailed(this ILogger log, Exception failure);
}
