using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Rewas.Hosting;

/// <summary>Traces and metrics of the platform, all under the name "Rewas".</summary>
public static class RewasTelemetry
{
    public const string Name = "Rewas";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>Time of a stage from its first request message to its last answer, seconds, by stage.</summary>
    public static Histogram<double> StageDuration { get; } = Meter.CreateHistogram<double>("rewas.stage.duration", "s");

    /// <summary>Time spent inside the networks of a stage's call, seconds, by stage.</summary>
    public static Histogram<double> NetworkDuration { get; } = Meter.CreateHistogram<double>("rewas.network.duration", "s");

    /// <summary>Logs on one line each. Traces and metrics leave the process only where an OTLP end point is configured.</summary>
    internal static void AddRewasTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);                 // FaultInterceptor tells what failed, once

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName, serviceVersion: StageDescription.Version))
            .WithTracing(traces => traces.AddSource(Name).AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Name).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
