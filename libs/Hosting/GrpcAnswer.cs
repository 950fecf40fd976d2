using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Rewas.Hosting;

/// <summary>An answer that is a status and nothing else, where no gRPC service has its hand in it: gRPC's "trailers only".</summary>
public static class GrpcAnswer
{
    /// <summary>gRPC's own names of what carries the status.</summary>
    public const string StatusHeader = "grpc-status", MessageHeader = "grpc-message";

    /// <summary>Replaces whatever was to be answered. The response must not have begun.</summary>
    /// <param name="response">Of the call.</param>
    /// <param name="status">With its message, one line.</param>
    /// <param name="trailers">Further ones; see <see cref="FaultInterceptor"/>.</param>
    public static void Write(HttpResponse response, Status status, Metadata? trailers = null)
    {
        RewasTelemetry.CallEnded(response.HttpContext.Request.Path.Value ?? "", status.StatusCode);
        response.Clear();
        response.ContentType = "application/grpc";
        response.Headers[StatusHeader] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = Uri.EscapeDataString(status.Detail);
        foreach (var trailer in trailers ?? [])
            response.Headers[trailer.Key] = trailer.Value;
    }

    /// <summary>The status that was answered, in the headers or after the messages; null where there was none.</summary>
    public static StatusCode? StatusOf(HttpResponse response)
    {
        var trailers = response.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseTrailersFeature>()?.Trailers;
        var text = response.Headers[StatusHeader] is { Count: > 0 } header ? header : trailers?[StatusHeader] ?? default;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (StatusCode)number : null;
    }
}
