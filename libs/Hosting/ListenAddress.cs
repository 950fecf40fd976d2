using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rewas.Clip.Faults;

namespace Rewas.Hosting;

/// <summary>An address to listen on: address and port, or a Unix domain socket.</summary>
/// <param name="EndPoint">An <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> for a host name, or a Unix domain socket.</param>
/// <param name="Tls">Uses Kestrel's default certificate.</param>
sealed record ListenAddress(EndPoint EndPoint, bool Tls)
{
    const string UnixPrefix = "unix:";

    /// <summary>Limit of the kernel, bytes.</summary>
    const int LongestSocketPath = 107;

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLocal => EndPoint switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host == "localhost",
        _ => true,
    };

    /// <summary>Whether other machines can connect without being checked.</summary>
    public bool IsOpen(RewasOptions options) =>
        !options.AuthenticatesCallers && !options.ListenWithoutAuthentication
        && !IsLocal && !(Tls && options.ClientCertificateAuthority.Length > 0);

    /// <summary>The fault of an open address.</summary>
    /// <param name="setting">The setting that names it.</param>
    public static string OpenFault(string setting, string text) =>
        $"{setting}: '{text}' can be reached from other machines, and whoever does may call: "
        + "check callers (https:// with Rewas:ClientCertificateAuthority, or a gateway with "
        + "Callers:KeysFile or Callers:Jwt), listen on 127.0.0.1, or set Rewas:ListenWithoutAuthentication=true";

    public static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ListenAddress? TryParse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            return Path.IsPathFullyQualified(path) && Encoding.UTF8.GetByteCount(path) <= LongestSocketPath
                ? new(new UnixDomainSocketEndPoint(path), Tls: false)
                : null;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
            return null;
        EndPoint endPoint = IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? new IPEndPoint(address, uri.Port)
            : new DnsEndPoint(uri.DnsSafeHost, uri.Port);
        return new(endPoint, uri.Scheme == "https");
    }

    /// <summary>Checks that the addresses are free. Otherwise the host would fail with a stack trace.</summary>
    /// <param name="addresses">As in Rewas:Listen. Invalid addresses are skipped; the options' validation reports them.</param>
    /// <param name="setting">The setting that names them.</param>
    /// <exception cref="InputFault">Precondition: an address is in use, belongs to another machine, or is not permitted.</exception>
    public static void ThrowUnlessFree(string addresses, string setting = "Rewas:Listen")
    {
        foreach (var text in Split(addresses))
        {
            var place = TryParse(text)?.EndPoint;
            if (place is UnixDomainSocketEndPoint && text[UnixPrefix.Length..] is var path
                && (File.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path))))
                throw InputFault.Precondition(
                    setting,
                    $"cannot listen on {text}: {(File.Exists(path) ? "the file exists already" : "its folder does not exist")}");
            var endPoint = place switch
            {
                IPEndPoint address => address,
                DnsEndPoint { Host: "localhost" } local => new(IPAddress.Loopback, local.Port),
                DnsEndPoint name => new(IPAddress.IPv6Any, name.Port),
                _ => null,
            };
            if (endPoint is null or { Port: 0 })
                continue;
            try
            {
                using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                    socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
                socket.Bind(endPoint);
                socket.Listen();
            }
            catch (SocketException failure) when (failure.SocketErrorCode != SocketError.AddressFamilyNotSupported)
            {
                throw InputFault.Precondition(setting, $"cannot listen on {text}: {failure.Message.ToLowerInvariant()}", failure);
            }
        }
    }

    /// <param name="more">Additional settings of this address.</param>
    /// <param name="behindTls">Settings of what comes out of TLS, if the address has it.</param>
    public void ListenOn(KestrelServerOptions kestrel, Action<ListenOptions>? more = null, Action<ListenOptions>? behindTls = null)
    {
        switch (EndPoint)
        {
            case IPEndPoint address:
                kestrel.Listen(address, Configure);
                break;
            case DnsEndPoint { Host: "localhost" } local:
                kestrel.ListenLocalhost(local.Port, Configure);
                break;
            case DnsEndPoint name:                                           // a name means any address of this machine, as in ASP.NET Core
                kestrel.ListenAnyIP(name.Port, Configure);
                break;
            default:
                kestrel.ListenUnixSocket(EndPoint.ToString()!, Configure);
                break;
        }

        void Configure(ListenOptions listen)
        {
            more?.Invoke(listen);
            if (EndPoint is UnixDomainSocketEndPoint)
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new SocketOfConnection(EndPoint.ToString()!));
                    return next(connection);
                });
            if (Tls)
                listen.UseHttps();
            behindTls?.Invoke(listen);
        }
    }
}
