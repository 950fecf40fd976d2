using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>
/// Serves metrics to Prometheus on an address of its own. That address serves only /metrics, and no other address serves it.
/// </summary>
static class MetricsEndpoint
{
    public static void ListenForMetrics(this KestrelServerOptions kestrel, string addresses)
    {
        foreach (var address in ListenAddress.Split(addresses).Select(ListenAddress.TryParse))
            address?.ListenOn(kestrel, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new MetricsConnection());
                    return next(connection);
                });
            });
    }

    public static void UseMetricsEndpoint(this WebApplication app) => app.MapWhen(
        context => context.Features.Get<MetricsConnection>() is not null, metrics =>
    {
        metrics.UseOpenTelemetryPrometheusScrapingEndpoint();
        metrics.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    });

    sealed class MetricsConnection;
}
