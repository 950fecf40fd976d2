using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rewas.Gateway;

/// <summary>
/// Resolves host names to replicas. A name may stand for several replicas, as that of a headless service does. Each address is one replica,
/// looked up every <see cref="GatewayOptions.NameInterval"/>. A name that does not resolve is kept, and calls reveal whether it is
/// reachable.
/// </summary>
/// <param name="lookUp">Finds the addresses of a name. Null: the system's resolver.</param>
sealed class ReplicaNames(
    IOptions<GatewayOptions> options, Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null) : IDestinationResolver
{
    readonly Func<string, CancellationToken, Task<IPAddress[]>> lookUp = lookUp ?? Dns.GetHostAddressesAsync;

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        var hasNames = false;
        foreach (var (key, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            if (address.HostNameType != UriHostNameType.Dns || address.IsLoopback)
            {
                resolved[key] = destination;
                continue;
            }
            hasNames = true;
            var found = await FindAsync(address.Host, cancellationToken);
            foreach (var replica in found)
                resolved[$"{key} at {replica}"] = destination with
                {
                    Address = new UriBuilder(address) { Host = replica.ToString() }.Uri.OriginalString,
                    Host = address.Authority,
                };
            if (found.Length == 0)
                resolved[key] = destination;
        }
        return new(resolved, hasNames ? new CancellationChangeToken(new CancellationTokenSource(options.Value.NameInterval).Token) : null);
    }

    async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return [.. (await lookUp(host, cancellation)).Distinct()];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
