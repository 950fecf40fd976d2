using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Rewas.Gateway;

/// <summary>One route and one cluster for each stage: /rewas.v1.STAGE/* to the stage's replicas, HTTP/2 only. Names in addresses are looked up again and again.</summary>
/// <remarks>YARP reads its routes while the host is composed, before options are validated; so they come in when it starts. Its own resolver is not used: a name
/// that is not known yet would keep all routes out.</remarks>
sealed class StageRoutes(InMemoryConfigProvider proxy, IOptions<GatewayOptions> configured, ReplicaAddresses addresses, ILogger<StageRoutes> log) : BackgroundService
{
    readonly GatewayOptions options = configured.Value;
    Dictionary<string, string[]> replicas = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await UpdateAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ResolveInterval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await UpdateAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LookUpFailed(e);
            }
        }
    }

    async Task UpdateAsync(CancellationToken cancellation)
    {
        List<ClusterConfig> clusters = [];
        foreach (var stage in options.Routed)
            clusters.Add(Cluster(stage, await addresses.FindAsync(options.Stages[stage], cancellation)));
        var found = clusters.ToDictionary(cluster => cluster.ClusterId, cluster => cluster.Destinations!.Keys.Order(StringComparer.Ordinal).ToArray());
        if (found.Count == replicas.Count && found.All(stage => stage.Value.SequenceEqual(replicas[stage.Key])))
            return;
        replicas = found;
        proxy.Update([.. options.Routed.Select(Route)], clusters);
    }

    static RouteConfig Route(string stage) => new()
    {
        RouteId = stage,
        ClusterId = stage,
        Match = new() { Path = $"/rewas.v1.{stage}/{{method}}" },
    };

    ClusterConfig Cluster(string stage, Dictionary<string, DestinationConfig> destinations) => new()
    {
        ClusterId = stage,
        // Calls differ in length a hundredfold, so the number in progress says more than chance does.
        LoadBalancingPolicy = LoadBalancingPolicies.LeastRequests,
        Destinations = destinations,
        HttpRequest = new()
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = options.ActivityTimeout,
            AllowResponseBuffering = false,
        },
        HealthCheck = new()
        {
            // When no replica is thought healthy, all are tried: one that has just been started serves the next call.
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
