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

/// <summary>What every process of the platform has: HTTP/2, gRPC with one mapping of faults, health, reflection, telemetry, logs.</summary>
public static class ServiceDefaults
{
    /// <summary>For what the host still does when no call runs any more.</summary>
    static readonly TimeSpan EndAfterDrain = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What a stream may send ahead of its reader, bytes. A caller has the streams of all stages on one connection, and stages that wait for one another read nothing meanwhile: what they have not
    /// read must leave room for the stream that all of them wait for. So a connection has the windows of all its streams; with Kestrel's own, two that wait fill it, and a long video stops for good.
    /// </summary>
    const int StreamWindow = 96 << 10;

    /// <summary>Call once per process, before the stages are added.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="defaultListen">Where to listen when neither Rewas:Listen nor Kestrel:Endpoints is configured.</param>
    public static WebApplicationBuilder AddRewasDefaults(this WebApplicationBuilder builder, string defaultListen = "http://127.0.0.1:5100")
    {
        builder.Services.AddSingleton<IValidateOptions<RewasOptions>, RewasOptionsValidator>();
        builder.Services.AddOptions<RewasOptions>()
            .BindConfiguration(RewasOptions.Section)
            .Configure(options => options.Listen = Listen(builder.Configuration, defaultListen))
            .ValidateOnStart();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ConfigureHttpsDefaults(https => https.DemandClientCertificate(builder.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.ClientCertificateAuthority)}"]));
            // Streams are as long as a video, and silent while a window is sampled: each stage limits what it reads.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
            kestrel.Limits.Http2.InitialConnectionWindowSize = StreamWindow * kestrel.Limits.Http2.MaxStreamsPerConnection;
            // A caller that vanished without closing its connection must not hold a stage for ever.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            // This runs while the host is built; an address that does not parse is told with all other faults when it starts.
            foreach (var address in ListenAddress.Split(Listen(builder.Configuration, defaultListen)).Select(ListenAddress.TryParse))
                address?.ListenOn(kestrel);
            kestrel.ListenForMetrics(builder.Setting(nameof(RewasOptions.Metrics)));
        });

        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.MaxReceiveMessageSize = MessageLimits.MessageBytes;
            grpc.EnableDetailedErrors = false;
        });
        // What it tells is a request that cannot be read, with a stack trace: whoever sends noise would fill the log. Everything else is FaultInterceptor's to tell.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical);
        if (!builder.Configuration.IsPrivate())
            builder.Services.AddGrpcReflection();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddGrpcHealthChecks(health => health.Services.Map(HealthNames.Alive, check => check.Name == HealthNames.Alive))
            .AddCheck(HealthNames.Alive, () => HealthCheckResult.Healthy())
            .AddCheck<DrainCheck>("drain");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout =
            Drain.LongestTime(builder.Configuration.GetSection(RewasOptions.Section).Get<RewasOptions>() ?? new()) + EndAfterDrain);
        KeysInMemory.Use(builder.Services);
        builder.AddRewasLogs();
        if (!builder.Configuration.IsPrivate())
            builder.AddRewasTelemetry();
        return builder;
    }

    /// <summary>
    /// What stands before all services: metrics, if they have an address, the drain, the callers' names; and health and reflection, for every caller. Call before anything else is mapped.
    /// </summary>
    public static WebApplication MapRewasDefaults(this WebApplication app)
    {
        if (app.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.Metrics)}"] is { Length: > 0 })
            app.UseMetricsEndpoint();
        app.Use(next => context => app.Services.GetRequiredService<Drain>().InvokeAsync(context, next));
        app.UseCallerHeader();
        app.UseUnreadableRequests();
        app.MapGrpcHealthChecksService();
        // Not by IOptions: what is wrong with the settings is told when the host runs, in lines and not in a stack trace.
        if (!app.Configuration.IsPrivate())
            app.MapGrpcReflectionService();
        return app;
    }

    static string Listen(ConfigurationManager configuration, string byDefault)
    {
        var kestrelDecides = configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        return configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.Listen)}"] is { Length: > 0 } configured ? configured : kestrelDecides ? "" : byDefault;
    }

    sealed class DrainCheck(Drain drain) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("the process is being stopped") : HealthCheckResult.Healthy());
    }
}
