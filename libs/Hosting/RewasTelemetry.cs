using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using StatusCode = Grpc.Core.StatusCode;

namespace Rewas.Hosting;

/// <summary>Traces and metrics of the platform, all under the name "Rewas".</summary>
public static class RewasTelemetry
{
    public const string Name = "Rewas";

    /// <summary>Name of the client's own spans, the root of a clip's trace.</summary>
    const string ClientName = "Rewas.Client";

    const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Histogram boundaries, from one step of a small network to a long video, seconds.</summary>
    static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>Duration of a stage's call, from its first request message to its last answer, seconds, by stage.</summary>
    public static Histogram<double> StageDuration { get; } =
        DurationHistogram("rewas.stage.duration", "A stage's call, from its first request message to its last answer");

    /// <summary>Time inside the networks of a stage's call, seconds, by stage.</summary>
    public static Histogram<double> NetworkDuration { get; } =
        DurationHistogram("rewas.network.duration", "Time inside the networks of a stage's call");

    /// <summary>Duration of a stage's call divided by the duration of its sound, by stage. Below 1 is faster than real time.</summary>
    public static Histogram<double> RealTimeFactor { get; } = Meter.CreateHistogram(
        "rewas.stage.realtime_factor", unit: null, "Time of a stage's call over the time of its sound", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] });

    /// <summary>Finished calls, by stage and status.</summary>
    static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "rewas.calls", unit: null, "Calls that have ended, by stage and status");

    /// <summary>Names of the platform's services. Other names count as "other", so that callers cannot create metrics.</summary>
    static readonly HashSet<string> Stages =
        [
            .. typeof(V1.Vocoder).Assembly.GetExportedTypes()
                .Where(type => type.GetProperty("Descriptor")?.PropertyType == typeof(ServiceDescriptor)).Select(type => type.Name),
        ];

    /// <summary>Creates a histogram of durations, in seconds.</summary>
    public static Histogram<double> DurationHistogram(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    /// <summary>Counts a finished call.</summary>
    /// <param name="method">As on the wire: "/rewas.v1.Vocoder/Synthesize".</param>
    internal static void CallEnded(string method, StatusCode status)
    {
        var stage = method.Split('/').ElementAtOrDefault(1)?.Split('.')[^1] ?? "";
        Calls.Add(1, new("rewas.stage", Stages.Contains(stage) ? stage : "other"), new("rpc.grpc.status_code", status.ToString()));
    }

    /// <summary>Writes each log entry on one line.</summary>
    internal static void AddRewasLogs(this WebApplicationBuilder builder)
    {
        if (builder.Setting(nameof(RewasOptions.Logs)) == RewasOptions.JsonLogs)
            builder.Logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) =
                (true, true, TimestampFormat.TrimEnd()));
        else
            builder.Logging.AddConsole(console => console.FormatterName = PlainLogFormatter.FormatterName)
                .AddConsoleFormatter<PlainLogFormatter, ConsoleFormatterOptions>(console =>
                    (console.UseUtcTimestamp, console.TimestampFormat) = (true, TimestampFormat));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);                 // FaultInterceptor logs failures once
    }

    /// <summary>Exports traces and metrics only if an OTLP endpoint or an address for Prometheus is configured.</summary>
    internal static void AddRewasTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName,
            serviceVersion: StageDescription.Version))
            .WithTracing(traces => traces.AddSource(Name, ClientName).AddAspNetCoreInstrumentation())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Name).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation();
                if (builder.Setting(nameof(RewasOptions.Metrics)).Length > 0)
                    metrics.AddPrometheusExporter();
            });
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }

    /// <summary>Reads <see cref="RewasOptions.Private"/> while the host is composed.</summary>
    internal static bool IsPrivate(this IConfiguration configuration) =>
        bool.TryParse(configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.Private)}"], out var hidden) && hidden;

    /// <summary>Reads a setting of section "Rewas" while the host is composed, before options are validated.</summary>
    internal static string Setting(this WebApplicationBuilder builder, string option) =>
        builder.Configuration[$"{RewasOptions.Section}:{option}"] ?? "";
}
