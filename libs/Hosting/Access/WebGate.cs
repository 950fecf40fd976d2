using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>
/// Guards the web API as <see cref="CallerGate"/> guards gRPC: by the same keys, tokens, limits and audit log. A route's rights are those
/// of the gRPC methods that it calls, so they are checked there.
/// </summary>
sealed class WebGate(
    IOptions<CallersOptions> configured, CallerAuthentication authentication, CallerLimiter limiter, OpenCalls calls,
    TimeProvider time, ILoggerFactory logs)
{
    /// <summary>The caller of routes that are open to everybody, within these limits.</summary>
    static readonly Caller Visitor = new("", [], new()
    {
        ConcurrentCalls = 256,
        CallsPerSecond = 200,
        Burst = 400,
        UploadBytesPerCall = 4096,
    });

    readonly CallersOptions options = configured.Value;
    readonly ILogger audit = logs.CreateLogger(CallerGate.AuditCategory);

    /// <exception cref="RpcException">The caller is unknown or has reached a limit.</exception>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        var (name, through, status) = ("", "", StatusCode.OK);
        CountedBody? body = null;
        CountedResponse? answer = null;
        CallPlace? place = null;
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<OpenToEverybody>() is not null;
        try
        {
            // The header is removed, because only a service of the platform may name another caller.
            var named = context.Request.Headers[CallerHeader.Name].ToString();
            context.Request.Headers.Remove(CallerHeader.Name);
            var caller = isOpen ? Visitor : authentication.ActingFor(await authentication.AuthenticateAsync(context), named);
            (name, through) = (caller.Name, caller.Through);
            place = await limiter.EnterAsync(caller);
            using var open = calls.Add(context, caller with { Lapsed = _ => LapsedOf(caller) }, context.Request.Path.Value ?? "");
            context.Features.Set(caller);
            body = new(context.Request.BodyReader, caller, place, open, options.MessageTimeout);
            answer = new(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
            context.Request.Body = body;
            context.Features.Set(body);
            context.Features.Set<IHttpResponseBodyFeature>(answer);
            try
            {
                await next(context);
            }
            catch (Exception) when (open.Refusal is not null)
            {
                throw new RpcException(new(StatusCode.Unauthenticated, open.Refusal));
            }
            catch (Exception failure) when (body.Refusal is null && NoRoom.IsIn(failure))
            {
                place.HadNoRoom = true;
                throw;
            }
        }
        catch (Exception failure)
        {
            status = failure switch
            {
                RpcException call => call.StatusCode,
                InputFault fault => FaultInterceptor.StatusOf(fault.Kind),
                BadHttpRequestException => StatusCode.InvalidArgument,
                OperationCanceledException or IOException => StatusCode.Cancelled,
                _ => StatusCode.Internal,
            };
            throw;
        }
        finally
        {
            // A call that was sending this request on to a service is left as well. To look at the bytes of a client that waits for 100
            // Continue would be to ask for them.
            var isLeft = !isOpen && body is { Refusal: null }
                && ((body.Received == 0 && context.Request.Headers.Expect.Count > 0) || !body.HasEnded());
            if (place is not null)
                await place.GiveBackAsync(isLeft, time);
            if (!isOpen)
                audit.Audit(
                    name.Length > 0 ? name : "-",
                    CallerGate.Printable($"{context.Request.Method} {context.Request.Path.Value}"),
                    status,
                    body?.Received ?? 0,
                    answer?.Sent ?? 0,
                    (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                    context.Connection.RemoteIpAddress?.ToString() ?? "-",
                    through.Length > 0 ? through : "-",
                    Activity.Current?.TraceId.ToString() ?? "-");
        }
    }

    /// <summary>Why a caller may not go on: nothing that it was allowed to call is open to it any more. Null: it may.</summary>
    static string? LapsedOf(Caller caller)
    {
        string? refusal = null;
        foreach (var pattern in caller.Methods)
            if ((refusal = caller.Lapsed(pattern.Replace("*", "any", StringComparison.Ordinal))) is null)
                return null;
        return refusal;
    }
}

/// <summary>Marks a route of the web API that needs no key.</summary>
public sealed class OpenToEverybody;

public static class WebGateSetup
{
    /// <summary>
    /// Checks callers of the web API. Call it after routing, in the branch of the web API. A refusal is thrown as RpcException.
    /// </summary>
    public static IApplicationBuilder UseWebCallers(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<WebGate>();
        return app.Use(next => context => context.RequestServices.GetRequiredService<WebGate>().InvokeAsync(context, next));
    }

    /// <summary>Counts bytes that are fetched for the caller as if it had sent them.</summary>
    /// <exception cref="RpcException">A limit is reached, or the caller may not go on.</exception>
    public static ValueTask CountReceivedAsync(this HttpContext context, int bytes) =>
        context.Features.GetRequiredFeature<CountedBody>().CountAsync(bytes);

    /// <summary>Who calls, after the gate of the web API.</summary>
    public static Caller WebCaller(this HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
