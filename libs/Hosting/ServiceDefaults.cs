using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Protocol;

namespace Rewas.Hosting;

/// <summary>
/// Defaults of every process of the platform: HTTP/2, gRPC with one mapping of faults, health, reflection, telemetry, logs.
/// </summary>
public static class ServiceDefaults
{
    /// <summary>Time for the host's own shutdown after the last call.</summary>
    static readonly TimeSpan EndAfterDrain = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that a stream may send ahead of its reader. The streams of all stages share one connection, and stages that wait for another
    /// one do not read. Their unread data must leave room for the stream that they wait for, so the connection window is the sum of all
    /// stream windows. With Kestrel's defaults, two waiting streams fill the connection, and a long video stops for ever.
    /// </summary>
    const int StreamWindow = 96 << 10;

    /// <summary>Call once per process, before the stages are added.</summary>
    /// <param name="defaultListen">Address if neither Rewas:Listen nor Kestrel:Endpoints is configured.</param>
    public static WebApplicationBuilder AddRewasDefaults(this WebApplicationBuilder builder, string defaultListen = "http://127.0.0.1:5100")
    {
        builder.Services.AddSingleton<IValidateOptions<RewasOptions>, RewasOptionsValidator>();
        // One environment often serves all processes: the gateway has no bundle, and a stage calls nobody.
        builder.Services.AddSetting(BundleSetup.Key).AddOthersSettings($"{RewasOptions.Section}:Client")
            .AddOthersSettings("Web");
        builder.Services.AddSettings<RewasOptions>(RewasOptions.Section)
            .Configure(options => options.Listen = Listen(builder.Configuration, defaultListen))
            .ValidateOnStart();

        // The connections from a gateway carry the calls of all callers. None is closed because some of them are refused.
        AppContext.SetData("Microsoft.AspNetCore.Server.Kestrel.Http2.MaxEnhanceYourCalmCount", int.MaxValue);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ConfigureHttpsDefaults(https => https.DemandClientCertificate(
                builder.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.ClientCertificateAuthority)}"]));
            // Streams last as long as a video and are silent while a window is sampled. Each stage limits what it reads.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
            kestrel.Limits.Http2.InitialConnectionWindowSize = StreamWindow * kestrel.Limits.Http2.MaxStreamsPerConnection;
            // A caller that vanishes without closing its connection must not hold a place. Callers find a silent server in the same time.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            // This runs while the host is built. An invalid address is reported with all other errors at start.
            foreach (var address in ListenAddress.Split(Listen(builder.Configuration, defaultListen)).Select(ListenAddress.TryParse))
                address?.ListenOn(kestrel);
            kestrel.ListenForMetrics(builder.Setting(nameof(RewasOptions.Metrics)));
            kestrel.ListenForProbes(builder.Setting(nameof(RewasOptions.Probes)));
        });

        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.MaxReceiveMessageSize = MessageLimits.MessageBytes;
            grpc.EnableDetailedErrors = false;
        });
        // This category logs unreadable requests with a stack trace, so noise from outside could fill the log. FaultInterceptor logs all
        // other failures.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        if (!builder.Configuration.IsPrivate())
            builder.Services.AddGrpcReflection();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        if (!builder.Configuration.IsPrivate())
            builder.Services.AddHostedService<LeftOverFolders>();
        builder.Services.AddGrpcHealthChecks(health => health.Services.Map(HealthNames.Alive, check => check.Name == HealthNames.Alive))
            .AddCheck(HealthNames.Alive, () => HealthCheckResult.Healthy())
            .AddCheck<DrainCheck>("drain");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout =
            Drain.LongestTime(builder.Configuration.Read<RewasOptions>(RewasOptions.Section)) + EndAfterDrain);
        KeysInMemory.Use(builder.Services);
        builder.AddRewasLogs();
        if (!builder.Configuration.IsPrivate())
            builder.AddRewasTelemetry();
        return builder;
    }

    /// <summary>
    /// Maps what precedes all services: metrics and probes if they have addresses, the drain, the callers' names, health and reflection.
    /// Call before anything else is mapped.
    /// </summary>
    public static WebApplication MapRewasDefaults(this WebApplication app)
    {
        if (app.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.Metrics)}"] is { Length: > 0 })
            app.UseMetricsEndpoint();
        app.UseProbeEndpoint();
        app.Use(next => context => app.Services.GetRequiredService<Drain>().InvokeAsync(context, next));
        app.UseCallerHeader();
        app.UseUnreadableRequests();
        app.MapGrpcHealthChecksService();
        // IOptions is not used, because it would throw here. Option errors are reported as lines when the host runs.
        if (!app.Configuration.IsPrivate())
            app.MapGrpcReflectionService();
        return app;
    }

    static string Listen(ConfigurationManager configuration, string byDefault)
    {
        var kestrelDecides = configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        return configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.Listen)}"] is { Length: > 0 } configured
            ? configured
            : kestrelDecides ? "" : byDefault;
    }

    sealed class DrainCheck(Drain drain) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("the process is being stopped") : HealthCheckResult.Healthy());
    }
}
