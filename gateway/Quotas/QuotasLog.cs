namespace Rewas.Gateway.Quotas;

static partial class QuotasLog
{
    [LoggerMessage(1, LogLevel.Error, "The store of the quotas is away ({Reason}); this gateway counts by itself until it is back")]
    public static partial void QuotaStoreIsAway(this ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Information, "The store of the quotas is back; all gateways count together")]
    public static partial void QuotaStoreIsBack(this ILogger log);
}
