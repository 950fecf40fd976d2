using Microsoft.Extensions.Options;
using Rewas.Gateway.Quotas;
using Rewas.Hosting;
using Rewas.Gateway.Web;
using Rewas.Hosting.Access;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rewas.Gateway;

public static class GatewaySetup
{
    /// <summary>
    /// Adds authentication of callers, and routing of stages to their replicas with health checks and load balancing. Call after
    /// AddRewasDefaults.
    /// </summary>
    public static WebApplicationBuilder AddRewasGateway(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddSettings<GatewayOptions>(GatewayOptions.Section).ValidateOnStart();
        if (builder.Configuration.Read<GatewayOptions>(GatewayOptions.Section).QuotaStore.Length > 0)
            builder.Services
                .AddSingleton(provider => new QuotaStore(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.QuotaStore))
                .AddSingleton<MemoryUsage>()
                .AddSingleton<SharedUsage>()
                .AddSingleton<ICallerUsage>(services => services.GetRequiredService<SharedUsage>())
                .AddHostedService(services => services.GetRequiredService<SharedUsage>());
        builder.AddCallers();
        builder.AddWebApi(() => OwnSocket.Add(builder));
        builder.Services.AddHostedService<StageRoutes>();
        // DestinationHealthUpdater already logs each change of a replica's health, and callers get statuses.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        builder.Services.AddSingleton<IProbingRequestFactory, HealthProbe>();
        builder.Services.AddSingleton<IDestinationResolver>(services =>
            new ReplicaNames(services.GetRequiredService<IOptions<GatewayOptions>>()));
        builder.Services.AddSingleton<IActiveHealthCheckPolicy, ServingPolicy>();
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, FailurePolicy>();
        builder.Services.AddReverseProxy().LoadFromMemory([], []).ConfigureHttpClient((_, handler) =>
        {
            var options = builder.Configuration.Read<GatewayOptions>(GatewayOptions.Section);
            handler.ConnectTimeout = options.ConnectTimeout;
            handler.SslOptions = options.Tls.ToSslOptions($"{GatewayOptions.Section}:{nameof(options.Tls)}");
            handler.KeepAlivePingDelay = options.PingDelay;
            handler.KeepAlivePingTimeout = options.PingTimeout;
        });
        return builder;
    }

    /// <summary>Maps the routes of the stages behind the authentication of callers. Call after MapRewasDefaults.</summary>
    public static WebApplication MapRewasGateway(this WebApplication app)
    {
        app.MapWebApi();
        app.UseCallers(app.Services.GetService<OwnSocket>()?.Path);
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(CallDeadline.ForwardAsync);
            proxy.Use(StageUnavailable.ForwardAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
