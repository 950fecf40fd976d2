using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rewas.Hosting.Access;

/// <summary>Guards the services: authenticates each call, checks its rights and limits, and writes one line to the audit log.</summary>
sealed class CallerGate(
    IOptions<CallersOptions> configured, CallerAuthentication authentication, CallerLimiter limiter, ILoggerFactory logs)
{
    /// <summary>Category of the audit log.</summary>
    public const string AuditCategory = "Rewas.Audit";

    const string HealthService = "grpc.health.v1.Health/";

    /// <summary>Everybody may probe health, within these limits.</summary>
    static readonly Caller HealthProbe = new("", [HealthService + "*"], new()
    {
        ConcurrentCalls = 256,
        CallsPerSecond = 200,
        Burst = 400,
        UploadBytesPerCall = 4096,
    });

    readonly CallersOptions options = configured.Value;
    readonly ILogger audit = logs.CreateLogger(AuditCategory);

    /// <param name="ownSocket">See <see cref="CallersSetup.UseCallers"/>.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next, string? ownSocket)
    {
        var endpoint = context.Features.Get<IConnectionEndPointFeature>()?.LocalEndPoint;
        if (ownSocket is not null && endpoint is UnixDomainSocketEndPoint local && local.ToString() == ownSocket)
        {
            await next(context);
            return;
        }
        var start = Stopwatch.GetTimestamp();
        var method = context.Request.Path.Value is { Length: > 1 } path ? path[1..] : "";
        var isProbe = method.StartsWith(HealthService, StringComparison.Ordinal);
        var name = "";
        GuardedBody? body = null;
        CountedResponse? answer = null;
        try
        {
            // :: Step 1: authenticate. The caller header is removed because a client could forge it.
            context.Request.Headers.Remove(CallerHeader.Name);
            var caller = isProbe ? HealthProbe : await authentication.AuthenticateAsync(context);
            name = caller.Name;

            // :: Step 2: check rights and limits.
            if (!MethodPatterns.Allow(caller.Methods, method))
                throw new RpcException(new(StatusCode.PermissionDenied, $"{name} may not call {method}"));
            using var place = limiter.Enter(caller);

            // :: Step 3: forward the call without the key, which no service needs.
            context.Request.Headers.Remove("authorization");
            if (name.Length > 0)
                context.Request.Headers[CallerHeader.Name] = name;
            body = new(context, caller, limiter, StreamingMethods.Contains(method), options.MessageTimeout);
            answer = new(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
            context.Request.Body = body;
            context.Features.Set<IRequestBodyPipeFeature>(body);
            context.Features.Set<IHttpResponseBodyFeature>(answer);
            await next(context);
            if (body.Refusal is { } refusal && !context.Response.HasStarted)
                GrpcAnswer.Write(context.Response, refusal.Status, refusal.Trailers);
        }
        catch (RpcException refusal) when (!context.Response.HasStarted)
        {
            GrpcAnswer.Write(context.Response, refusal.Status, refusal.Trailers);
        }
        finally
        {
            if (!isProbe)
                audit.Audit(
                    name.Length > 0 ? name : "-",
                    Printable(method),
                    body?.Refusal?.StatusCode
                        ?? GrpcAnswer.StatusOf(context.Response)
                        ?? (context.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled : StatusCode.Unimplemented),
                    body?.Received ?? 0,
                    answer?.Sent ?? 0,
                    (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                    context.Connection.RemoteIpAddress?.ToString() ?? "-",
                    Activity.Current?.TraceId.ToString() ?? "-");
        }
    }

    /// <summary>Makes a path from outside safe for the log: it cannot forge a second line and cannot fill the log.</summary>
    static string Printable(string method)
    {
        const int longest = 200;
        var text = method.Length > longest ? method[..longest] : method;
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
    }
}
