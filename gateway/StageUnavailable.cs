using Grpc.Core;
using Rewas.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Rewas.Gateway;

/// <summary>
/// Answers for stages that cannot be reached, with a gRPC status that names the stage. YARP's HTTP 502 and 503 mean nothing to gRPC
/// clients. If a replica refused the connection, the call first goes to the other replicas, as long as nothing of its body was read. It may
/// have been: a call that a replica gives back with its connection is sent to it again by the HTTP handler itself.
/// </summary>
static class StageUnavailable
{
    public static async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations.ToList();
        var body = new NotedBody(context.Request.Body);
        context.Request.Body = body;
        while (true)
        {
            proxy.AvailableDestinations = untried;
            await next(context);
            // An answer of the stage stands, even if it did not wait for the rest of the request, which YARP reports as an error.
            if (GrpcAnswer.StatusOf(context.Response) is not null || context.GetForwarderErrorFeature() is not { } error)
                return;
            if (context.Response.HasStarted)
            {
                GrpcAnswer.BrokeOff(context, StatusOf(context, error).Status);
                return;
            }
            untried.RemoveAll(destination => destination == proxy.ProxiedDestination);
            if (!IsUnreachable(error) || body.IsRead || untried.Count == 0 || context.RequestAborted.IsCancellationRequested)
            {
                Answer(context, proxy.Route.Config.RouteId, error);
                return;
            }
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
        }
    }

    /// <summary>Whether no connection was made.</summary>
    public static bool IsUnreachable(IForwarderErrorFeature error) => error is
    {
        Error: ForwarderError.Request,
        Exception: HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError,
        },
    } or
    {
        // The handler's ConnectTimeout; the activity timeout has no inner exception.
        Error: ForwarderError.RequestTimedOut,
        Exception: OperationCanceledException { InnerException: TimeoutException },
    };

    static void Answer(HttpContext context, string stage, IForwarderErrorFeature error)
    {
        var (status, detail) = StatusOf(context, error);
        GrpcAnswer.Write(context.Response, new(status, $"{stage}: {detail}"));
    }

    static (StatusCode Status, string Detail) StatusOf(HttpContext context, IForwarderErrorFeature error) => error.Error switch
    {
        _ when IsUnreachable(error) => (StatusCode.Unavailable, "no replica is reachable"),
        ForwarderError.NoAvailableDestinations or ForwarderError.Request => (StatusCode.Unavailable, "no replica is reachable"),
        ForwarderError.RequestTimedOut => (StatusCode.DeadlineExceeded, "its replica was silent for too long"),
        _ when CallDeadline.HasPassed(context) => (StatusCode.DeadlineExceeded, "not done before the deadline"),
        // What the caller broke off is no fault of a replica, and counts as a call.
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
            or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient => (StatusCode.Cancelled, "the call was cancelled"),
        _ => (StatusCode.Unavailable, "its replica broke off the call"),
    };

    /// <summary>A request body that notes whether any of it was read.</summary>
    sealed class NotedBody(Stream inner) : ForwardStream
    {
        public bool IsRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            IsRead |= count > 0;
            return count;
        }
    }
}
