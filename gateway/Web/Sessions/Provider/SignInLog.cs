namespace Rewas.Gateway.Web.Sessions.Provider;

static partial class SignInLog
{
    [LoggerMessage(1, LogLevel.Warning, "A sign-in with the provider failed ({Kind}): {Reason}")]
    public static partial void SignInRefused(this ILogger log, SignInRefusal kind, string reason);
}
