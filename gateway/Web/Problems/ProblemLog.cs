namespace Rewas.Gateway.Web.Problems;

static partial class ProblemLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed; the caller has got the id {Correlation}")]
    public static partial void Bug(this ILogger log, Exception bug, string method, string path, string correlation);

    [LoggerMessage(2, LogLevel.Information, "The answer to {Method} {Path} was broken off: {Reason}")]
    public static partial void BrokenOff(this ILogger log, string method, string path, string reason);
}
