using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>One place to listen at: an address and port, or a Unix domain socket.</summary>
/// <param name="EndPoint">An <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> for a name, or a Unix domain socket.</param>
/// <param name="Tls">With Kestrel's default certificate.</param>
sealed record ListenAddress(EndPoint EndPoint, bool Tls)
{
    const string UnixPrefix = "unix:";

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLocal => EndPoint switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host == "localhost",
        _ => true,
    };

    public static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ListenAddress? TryParse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            return Path.IsPathFullyQualified(path) ? new(new System.Net.Sockets.UnixDomainSocketEndPoint(path), Tls: false) : null;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
            return null;
        EndPoint endPoint = IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? new IPEndPoint(address, uri.Port)
            : new DnsEndPoint(uri.DnsSafeHost, uri.Port);
        return new(endPoint, uri.Scheme == "https");
    }

    /// <param name="kestrel">The server.</param>
    /// <param name="more">What is particular to this address.</param>
    public void ListenOn(KestrelServerOptions kestrel, Action<ListenOptions>? more = null)
    {
        switch (EndPoint)
        {
            case IPEndPoint address:
                kestrel.Listen(address, Configure);
                break;
            case DnsEndPoint { Host: "localhost" } local:
                kestrel.ListenLocalhost(local.Port, Configure);
                break;
            case DnsEndPoint name:                                           // as ASP.NET Core does with a name: any address of this machine
                kestrel.ListenAnyIP(name.Port, Configure);
                break;
            default:
                kestrel.ListenUnixSocket(EndPoint.ToString()!, Configure);
                break;
        }

        void Configure(ListenOptions listen)
        {
            more?.Invoke(listen);
            if (Tls)
                listen.UseHttps();
        }
    }
}
