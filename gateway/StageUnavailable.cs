using Grpc.Core;
using Rewas.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace Rewas.Gateway;

/// <summary>
/// What a caller sees when a stage cannot be reached: not YARP's HTTP 502 or 503, which gRPC clients know nothing of, but a gRPC status that
/// names the stage. Before that, a call whose replica refused the connection goes to the others: none of its body has been read.
/// </summary>
static class StageUnavailable
{
    public static async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations.ToList();
        while (true)
        {
            proxy.AvailableDestinations = untried;
            await next(context);
            if (context.Response.HasStarted || context.GetForwarderErrorFeature() is not { } error)
                return;
            untried.RemoveAll(destination => destination == proxy.ProxiedDestination);
            if (!IsUnreachable(error) || untried.Count == 0 || context.RequestAborted.IsCancellationRequested)
            {
                Answer(context, proxy.Route.Config.RouteId, error.Error);
                return;
            }
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
        }
    }

    /// <summary>True if no connection came about, so that the replica has seen nothing of the call.</summary>
    public static bool IsUnreachable(IForwarderErrorFeature error) => error is
    {
        Error: ForwarderError.Request,
        Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError },
    };

    static void Answer(HttpContext context, string stage, ForwarderError error)
    {
        var (status, detail) = error switch
        {
            ForwarderError.NoAvailableDestinations or ForwarderError.Request => (StatusCode.Unavailable, "no replica is reachable"),
            ForwarderError.RequestTimedOut => (StatusCode.DeadlineExceeded, "its replica was silent for too long"),
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled => (StatusCode.Cancelled, "the call was cancelled"),
            _ => (StatusCode.Unavailable, "its replica broke off the call"),
        };
        StatusAnswer.Write(context, status, $"{stage}: {detail}");
    }
}
