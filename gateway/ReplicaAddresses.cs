using System.Net;
using System.Net.Sockets;
using Yarp.ReverseProxy.Configuration;

namespace Rewas.Gateway;

/// <summary>
/// The replicas behind the addresses of a stage. A name may have many addresses, as that of a headless service in Kubernetes has, and each is a replica; a name
/// that cannot be looked up keeps those that it had, or stands for itself until it can.
/// </summary>
sealed class ReplicaAddresses(ILogger<ReplicaAddresses> log)
{
    static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, IReadOnlyList<string>> known = [];

    /// <summary>Addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Destinations by their names.</summary>
    public async Task<Dictionary<string, DestinationConfig>> FindAsync(IEnumerable<string> addresses, CancellationToken cancellation)
    {
        var destinations = new Dictionary<string, DestinationConfig>();
        foreach (var address in addresses)
        {
            var uri = new Uri(address);
            if (uri.HostNameType != UriHostNameType.Dns || uri.IsLoopback)
            {
                destinations[address] = new() { Address = address };
                continue;
            }
            // The name stays what is asked for: a certificate is for it, not for the address.
            foreach (var replica in await LookUpAsync(uri, cancellation))
                destinations[replica] = new() { Address = replica, Host = uri.Authority };
        }
        return destinations;
    }

    async Task<IReadOnlyList<string>> LookUpAsync(Uri uri, CancellationToken cancellation)
    {
        var before = known.GetValueOrDefault(uri.OriginalString);
        try
        {
            var found = await LookUp(uri.DnsSafeHost, cancellation).WaitAsync(LookUpTimeout, cancellation);
            string[] replicas = [.. found.Select(ip => $"{uri.Scheme}://{new IPEndPoint(ip, uri.Port)}").Order(StringComparer.Ordinal)];
            if (replicas.Length > 0 && before?.SequenceEqual(replicas) != true)
                log.NameHas(uri.DnsSafeHost, string.Join(", ", replicas));
            if (replicas.Length > 0)
                return known[uri.OriginalString] = replicas;
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            log.NameUnknown(uri.DnsSafeHost, e.Message);
        }
        return before ?? [uri.OriginalString];
    }
}
