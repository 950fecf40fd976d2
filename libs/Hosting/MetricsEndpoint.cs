using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>
/// Serves metrics to Prometheus on an address of its own. That address serves only /metrics, and no other address serves it.
/// </summary>
static class MetricsEndpoint
{
    public static void ListenForMetrics(this KestrelServerOptions kestrel, string addresses) =>
        SideAddress<Mark>.ListenOn(kestrel, addresses, HttpProtocols.Http1);

    public static void UseMetricsEndpoint(this WebApplication app) => app.MapWhen(SideAddress<Mark>.Received, metrics =>
    {
        metrics.UseOpenTelemetryPrometheusScrapingEndpoint();
        metrics.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    });

    sealed class Mark;
}
