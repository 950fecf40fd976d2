using System.Net;
using System.Net.Sockets;

namespace Rewas.Hosting.Outgoing;

/// <summary>
/// Tells addresses of the public internet from all others: private networks, this machine, link-local addresses with the metadata services
/// of clouds, carrier-grade NAT, documentation, multicast (IANA special-purpose registries, RFC 6890).
/// </summary>
static class PublicAddress
{
    static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",                                              // the host of Azure's virtual machines
            // Within 2000::/3: protocol assignments with Teredo, documentation, 6to4. The last two carry an IPv4 address.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>All public IPv6 addresses. What carries an IPv4 address in another way (NAT64, ::a.b.c.d) is outside.</summary>
    static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return (plain.AddressFamily == AddressFamily.InterNetwork || PublicV6.Contains(plain))
            && !NotPublic.Any(network => network.Contains(plain));
    }

    /// <summary>An IPv4 address that is written as an IPv6 one (::ffff:a.b.c.d) as IPv4. Without a scope.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new(address.GetAddressBytes())
        : address;
}
