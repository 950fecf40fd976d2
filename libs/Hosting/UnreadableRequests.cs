using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Rewas.Hosting;

/// <summary>
/// Handles a unary request that cannot be parsed. gRPC reads it before any interceptor and answers UNKNOWN. All other failures pass
/// <see cref="FaultInterceptor"/>, so UNKNOWN here means an unreadable request. That is the caller's error: INVALID_ARGUMENT.
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
