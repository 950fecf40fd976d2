using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Access;

/// <summary>
/// Which calls the platform refused for want of room: no replica is there, or the call may be repeated later. They do not use up their
/// caller's day.
/// </summary>
static class NoRoom
{
    /// <summary>Whether a gRPC call ended for want of room.</summary>
    public static bool IsIn(HttpResponse response) => Is(
        GrpcAnswer.StatusOf(response), GrpcAnswer.TrailerOf(response, FaultInterceptor.RetryAfterTrailer) is { Count: > 0 });

    /// <summary>Whether a request of the web API failed for want of room.</summary>
    public static bool IsIn(Exception failure) => failure switch
    {
        RpcException call => IsIn(call.StatusCode, call.Trailers),
        InputFault fault => IsIn(FaultInterceptor.StatusOf(fault.Kind), FaultInterceptor.Trailers(fault)),
        _ => false,
    };

    static bool IsIn(StatusCode status, Metadata trailers) => Is(status, trailers.Get(FaultInterceptor.RetryAfterTrailer) is not null);

    static bool Is(StatusCode? status, bool mayBeRepeated) => status switch
    {
        StatusCode.Unavailable => true,
        StatusCode.ResourceExhausted => mayBeRepeated,
        _ => false,
    };
}
