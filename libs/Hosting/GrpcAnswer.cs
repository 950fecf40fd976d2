using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Rewas.Hosting;

/// <summary>An answer that is only a status ("trailers only"), for calls that no gRPC service handles.</summary>
public static class GrpcAnswer
{
    /// <summary>Header names of gRPC.</summary>
    public const string StatusHeader = "grpc-status", MessageHeader = "grpc-message";

    /// <summary>Replaces the response. It must not have started.</summary>
    /// <param name="status">With a message of one line.</param>
    /// <param name="trailers">Additional trailers; see <see cref="FaultInterceptor"/>.</param>
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

    /// <summary>
    /// Remembers how a call ended whose response had begun and broke off, so that no status could be sent. Its caller sees a reset stream.
    /// </summary>
    public static void BrokeOff(HttpContext context, StatusCode status) => context.Items[typeof(GrpcAnswer)] = status;

    /// <summary>The status of a response, from its headers or trailers, or why it broke off; null if there is none.</summary>
    public static StatusCode? StatusOf(HttpResponse response)
    {
        if (response.HttpContext.Items.TryGetValue(typeof(GrpcAnswer), out var broken))
            return (StatusCode)broken!;
        var text = TrailerOf(response, StatusHeader);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (StatusCode)number : null;
    }

    /// <summary>A trailer of a response, which is a header if the response is a status alone.</summary>
    public static StringValues TrailerOf(HttpResponse response, string name) => response.Headers[name] is { Count: > 0 } header
        ? header
        : response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers?[name] ?? default;
}
