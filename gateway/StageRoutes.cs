using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Rewas.Gateway;

/// <summary>One route and one cluster per stage: /rewas.v1.STAGE/* to the stage's replicas, HTTP/2 only.</summary>
/// <remarks>YARP reads its routes while the host is composed, before options are validated. They are therefore set at start.</remarks>
sealed class StageRoutes(InMemoryConfigProvider proxy, IOptions<GatewayOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        proxy.Update(
            [.. options.Value.Routed.Select(Route)],
            [.. options.Value.Routed.Select(stage => Cluster(stage, options.Value))]);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static RouteConfig Route(string stage) => new()
    {
        RouteId = stage,
        ClusterId = stage,
        Match = new() { Path = $"/rewas.v1.{stage}/{{method}}" },
    };

    static ClusterConfig Cluster(string stage, GatewayOptions options) => new()
    {
        ClusterId = stage,
        // Call durations differ a hundredfold, so the number of running calls is a better guide than chance.
        LoadBalancingPolicy = LoadBalancingPolicies.LeastRequests,
        Destinations = options.Stages[stage].ToDictionary(address => address, address => new DestinationConfig { Address = address }),
        HttpRequest = new()
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = options.ActivityTimeout,
            AllowResponseBuffering = false,
        },
        HealthCheck = new()
        {
            // If no replica counts as healthy, all are tried, so that a replica that just started can serve the next call.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new()
            {
                Enabled = true,
                Interval = options.HealthInterval,
                Timeout = options.HealthTimeout,
                Policy = ServingPolicy.PolicyName,
            },
            Passive = new()
            {
                Enabled = true,
                Policy = FailurePolicy.PolicyName,
            },
        },
    };
}
