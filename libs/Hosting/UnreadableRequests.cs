using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Rewas.Hosting;

/// <summary>
/// A single request that is no message of its type: gRPC reads it before any interceptor, and tells UNKNOWN. What else fails in a service is told by
/// <see cref="FaultInterceptor"/>, so whatever is UNKNOWN here was not read. It is the caller's fault, and INVALID_ARGUMENT.
/// </summary>
static class UnreadableRequests
{
    static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    public static void UseUnreadableRequests(this WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (!context.Response.HasStarted && context.Response.Headers[GrpcAnswer.StatusHeader] == Unknown)
            GrpcAnswer.Write(context.Response, new(StatusCode.InvalidArgument, "message: cannot be read as the request of this method"));
    });
}
