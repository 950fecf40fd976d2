using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Clip.Output;

namespace Rewas.Hosting.Access;

/// <summary>Guards the services: authenticates each call, checks its rights and limits, and writes one line to the audit log.</summary>
sealed class CallerGate(
    IOptions<CallersOptions> configured, CallerAuthentication authentication, CallerLimiter limiter, OpenCalls calls, TimeProvider time,
    ILoggerFactory logs)
{
    /// <summary>Category of the audit log.</summary>
    public const string AuditCategory = "Rewas.Audit";

    const string HealthService = "grpc.health.v1.Health/", HealthCheck = HealthService + "Check";

    /// <summary>Everybody may ask for health, within these limits. Health that is watched holds a stream, so that needs a key.</summary>
    static readonly Caller HealthProbe = new("", [HealthCheck], new()
    {
        ConcurrentCalls = 256,
        CallsPerSecond = 200,
        Burst = 400,
        UploadBytesPerCall = 4096,
    });

    readonly CallersOptions options = configured.Value;
    readonly ILogger audit = logs.CreateLogger(AuditCategory);

    /// <param name="ownSocket">See <see cref="CallersSetup.UseCallers"/>.</param>
    public Task InvokeAsync(HttpContext context, RequestDelegate next, string? ownSocket)
    {
        if (ProbeEndpoint.Received(context))
            return next(context);
        return ownSocket is not null && context.Features.Get<SocketOfConnection>()?.Path == ownSocket
            ? FromOwnPartAsync(context, next)
            : FromOutsideAsync(context, next);
    }

    /// <summary>Counts a call that a part of this process makes for a caller. Its other calls are nobody's.</summary>
    async Task FromOwnPartAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            var caller = authentication.ActingFor(context.Request.Headers[CallerHeader.Name].ToString());
            await using var place = await limiter.EnterAsync(caller);
            using var open = calls.Add(context, caller, MethodOf(context));
            await next(context);
            place.HadNoRoom = NoRoom.IsIn(context.Response);
            Finish(context, open);
        }
        catch (RpcException refusal) when (!context.Response.HasStarted)
        {
            GrpcAnswer.Write(context.Response, refusal.Status, refusal.Trailers);
        }
    }

    async Task FromOutsideAsync(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        var method = MethodOf(context);
        var isProbe = method == HealthCheck;
        var (name, through) = ("", "");
        GuardedBody? body = null;
        CountedResponse? answer = null;
        OpenCall? open = null;
        CallPlace? place = null;
        try
        {
            // :: Step 1: authenticate. The caller header is removed, because only a service of the platform may name another caller.
            var named = context.Request.Headers[CallerHeader.Name].ToString();
            context.Request.Headers.Remove(CallerHeader.Name);
            var caller = isProbe ? HealthProbe : authentication.ActingFor(await authentication.AuthenticateAsync(context), named);
            (name, through) = (caller.Name, caller.Through);

            // :: Step 2: check rights and limits. Every caller may watch health.
            if (!MethodPatterns.Allow(caller.Methods, method) && !method.StartsWith(HealthService, StringComparison.Ordinal))
                throw new RpcException(
                    new(StatusCode.PermissionDenied, $"{(through.Length > 0 ? through : name)} may not call {method}"));
            place = await limiter.EnterAsync(caller);
            open = calls.Add(context, caller, method);

            // :: Step 3: forward the call without the key, which no service needs.
            context.Request.Headers.Remove("authorization");
            if (name.Length > 0)
                context.Request.Headers[CallerHeader.Name] = name;
            CallerHeader.ActFor(name);
            body = new(context, caller, place, open, StreamingMethods.Contains(method), options.MessageTimeout);
            answer = new(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
            context.Request.Body = body;
            context.Features.Set<IRequestBodyPipeFeature>(body);
            context.Features.Set<IHttpResponseBodyFeature>(answer);
            await next(context);
            place.HadNoRoom = body.Refusal is null && NoRoom.IsIn(context.Response);
            if (body.Refusal is { } refusal && !context.Response.HasStarted)
                GrpcAnswer.Write(context.Response, refusal.Status, refusal.Trailers);
            Finish(context, open);
        }
        catch (RpcException refusal) when (!context.Response.HasStarted)
        {
            GrpcAnswer.Write(context.Response, refusal.Status, refusal.Trailers);
        }
        finally
        {
            // Any call counts, of whatever method: a stage also answers early what it cannot read or does not know. A probe stays here. A
            // caller that aborts its call takes the stream off the connection only if it has not had its answer.
            var isLeft = !isProbe && open is { Refusal: null } && body is { Refusal: null } && !body.HasEnded()
                && (answer is { IsComplete: true } || !context.RequestAborted.IsCancellationRequested);
            open?.Dispose();
            if (place is not null)
                await place.GiveBackAsync(isLeft, time);
            if (!isProbe)
                audit.Audit(
                    name.Length > 0 ? name : "-",
                    Printable(method),
                    body?.Refusal?.StatusCode
                        ?? (open?.Refusal is null ? null : (StatusCode?)StatusCode.Unauthenticated)
                        ?? GrpcAnswer.StatusOf(context.Response)
                        ?? (context.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled : StatusCode.Unimplemented),
                    body?.Received ?? 0,
                    answer?.Sent ?? 0,
                    (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                    context.Connection.RemoteIpAddress?.ToString() ?? "-",
                    through.Length > 0 ? through : "-",
                    Activity.Current?.TraceId.ToString() ?? "-");
        }
    }

    /// <summary>Says why a call was ended, where that can still be said. The connection of an answer that has begun is reset.</summary>
    static void Finish(HttpContext context, OpenCall open)
    {
        if (open.Refusal is { } lapsed && !context.Response.HasStarted)
            GrpcAnswer.Write(context.Response, new(StatusCode.Unauthenticated, lapsed));
    }

    static string MethodOf(HttpContext context) => context.Request.Path.Value is { Length: > 1 } path ? path[1..] : "";

    /// <summary>Makes a path from outside safe for the log: it cannot forge a second line and cannot fill the log.</summary>
    internal static string Printable(string method)
    {
        const int longest = 200;
        var text = method.Length > longest ? method[..longest] : method;
        return PlainText.Of(text);
    }
}
