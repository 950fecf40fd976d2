using Grpc.Net.Client.Balancer;

namespace Rewas.Client;

/// <summary>The services that a channel asks for: how to find the addresses of gateways, and how to choose among them.</summary>
sealed class GatewayResolvers(GatewayAddresses addresses) : IServiceProvider
{
    /// <summary>How often a name is looked up. A gateway that was added or removed is noticed within this time.</summary>
    static readonly TimeSpan NameInterval = TimeSpan.FromSeconds(10);

    /// <summary>The channel's address when the gateways are listed.</summary>
    public static readonly Uri Listed = new("static:///gateways");

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(IEnumerable<ResolverFactory>))
            return addresses.IsName
                ? new ResolverFactory[] { new DnsResolverFactory(NameInterval) }
                : new ResolverFactory[]
                {
                    new StaticResolverFactory(_ => addresses.All.Select(uri => new BalancerAddress(uri.Host, uri.Port))),
                };
        return serviceType == typeof(IEnumerable<LoadBalancerFactory>) ? new LoadBalancerFactory[] { new GatewayBalancer.Factory() } : null;
    }
}
