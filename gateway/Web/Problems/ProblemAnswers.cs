using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol.Sounds;

namespace Rewas.Gateway.Web.Problems;

/// <summary>
/// The only mapping of failures to HTTP. An expected failure has the message of the gRPC side. An answer that has begun is broken off. A
/// bug is logged, and the caller does not see it.
/// </summary>
sealed class ProblemAnswers(ILogger<ProblemAnswers> log)
{
    /// <summary>The client has gone; nobody reads the answer.</summary>
    const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await WriteAsync(context, Unmatched(context.Response.StatusCode));
        }
        catch (Exception failure)
        {
            if (context.Response.HasStarted)
            {
                if (!context.RequestAborted.IsCancellationRequested)
                    log.BrokenOff(context.Request.Method, context.Request.Path, failure.Message);
                context.Abort();
                return;
            }
            await WriteAsync(context, Of(context, failure));
        }
    }

    Problem Of(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case InputFault fault:
                return Of(FaultInterceptor.StatusOf(fault.Kind), fault.Message) with
                {
                    Field = fault.Field,
                    RetryAfter = (long?)fault.RetryAfter?.TotalMilliseconds,
                };
            case StageFailure stage:
                return Of(stage.Status, $"{stage.Stage}: {stage.Detail}") with
                {
                    Field = stage.Field,
                    RetryAfter = (long?)stage.RetryAfter?.TotalMilliseconds,
                };
            case RpcException call when context.RequestAborted.IsCancellationRequested && call.StatusCode == StatusCode.Cancelled:
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
            case ConnectionResetException or ConnectionAbortedException:
                return Of(StatusCode.Cancelled, "the call was cancelled");
            case RpcException call:
                return Of(call);
            case BadHttpRequestException bad:
                return new(ReasonPhrases.GetReasonPhrase(bad.StatusCode), bad.StatusCode, bad.Message, "INVALID_ARGUMENT");
            default:
                var correlation = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
                log.Bug(failure, context.Request.Method, context.Request.Path, correlation);
                return Of(StatusCode.Internal, "internal error") with { Correlation = correlation };
        }
    }

    static Problem Of(RpcException call)
    {
        // The transport failed, so the status is gRPC's guess. The service is away. The caller of this request has not cancelled the call.
        var away = call.StatusCode == StatusCode.Cancelled
            || call.Status.DebugException is HttpRequestException or IOException or System.Net.Sockets.SocketException;
        return Of(away ? StatusCode.Unavailable : call.StatusCode, away ? "the service cannot be reached" : call.Status.Detail) with
        {
            Field = call.Trailers.GetValue(FaultInterceptor.FieldTrailer),
            Correlation = call.Trailers.GetValue(FaultInterceptor.CorrelationTrailer),
            RetryAfter = long.TryParse(
                call.Trailers.GetValue(FaultInterceptor.RetryAfterTrailer), NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
                ? wait : null,
        };
    }

    static Problem Of(StatusCode status, string detail)
    {
        var http = HttpStatusOf(status);
        var title = http == ClientClosedRequest ? "Client Closed Request" : ReasonPhrases.GetReasonPhrase(http);
        return new(title, http, detail, StatusNames.Of(status));
    }

    static Problem Unmatched(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(StatusCode.NotFound, "there is no such route"),
        StatusCodes.Status405MethodNotAllowed => Refusal(status, "the route has no such method; the header Allow lists its methods"),
        StatusCodes.Status415UnsupportedMediaType => Refusal(status, "Content-Type: must be application/json"),
        _ => Refusal(status, ReasonPhrases.GetReasonPhrase(status)),
    };

    static Problem Refusal(int status, string detail) => new(ReasonPhrases.GetReasonPhrase(status), status, detail, "INVALID_ARGUMENT");

    static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        var allow = response.Headers.Allow;
        response.Clear();
        response.Headers.Allow = allow;
        response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        try
        {
            await response.WriteAsJsonAsync(problem, options: null, contentType: Problem.MediaType, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The caller has left.
        }
    }

    /// <summary>As google.rpc.Code maps to HTTP.</summary>
    static int HttpStatusOf(StatusCode status) => status switch
    {
        StatusCode.OK => StatusCodes.Status200OK,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Cancelled => ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
