using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Rewas.Hosting.Access;

static partial class CallersLog
{
    [LoggerMessage(1, LogLevel.Information, "{Count} keys read from {Path}")]
    public static partial void KeysRead(this ILogger log, int count, string path);

    [LoggerMessage(2, LogLevel.Error, "{Fault}; the {Count} keys read earlier stay valid")]
    public static partial void KeysNotRead(this ILogger log, string fault, int count);

    [LoggerMessage(3, LogLevel.Information, "A token was refused: {Reason}")]
    public static partial void TokenRefused(this ILogger log, string reason);

    [LoggerMessage(4, LogLevel.Warning,
        "Keys and tokens are sent in clear text at {Address}: listen on https:// or place a TLS proxy in front")]
    public static partial void ClearText(this ILogger log, string address);

    [LoggerMessage(5, LogLevel.Error, "The token provider {Authority} does not answer: {Reason}")]
    public static partial void ProviderFailed(this ILogger log, string authority, string reason);

    [LoggerMessage(6, LogLevel.Error, "A call in progress could not be checked or ended; the others are")]
    public static partial void CallNotEnded(this ILogger log, Exception reason);

    /// <summary>The audit line of a call. It holds no payload and therefore no prompt.</summary>
    [LoggerMessage(10, LogLevel.Information,
        "{Caller} {Method} {Status} received {ReceivedBytes} B sent {SentBytes} B in {Milliseconds} ms from {Remote} through {Through} "
        + "trace {TraceId}")]
    public static partial void Audit(
        this ILogger log, string caller, string method, StatusCode status, long receivedBytes, long sentBytes, long milliseconds,
        string remote, string through, string traceId);
}
