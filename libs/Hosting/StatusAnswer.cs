using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Rewas.Hosting;

/// <summary>A gRPC status as the whole answer, from where no gRPC service has been reached: gRPC clients know nothing of HTTP's statuses.</summary>
public static class StatusAnswer
{
    /// <param name="context">Of a call whose answer has not begun.</param>
    /// <param name="status">The status.</param>
    /// <param name="detail">One line for the caller.</param>
    public static void Write(HttpContext context, StatusCode status, string detail)
    {
        RewasTelemetry.CallEnded(context.Request.Path.Value ?? "", status);
        var response = context.Response;
        response.Clear();
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(detail);
    }
}
