using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>
/// Addresses that serve one purpose and nothing else, such as metrics or probes. Their connections carry a mark, so that their requests
/// can be told from all others.
/// </summary>
/// <typeparam name="TMark">Marks the connections of one purpose.</typeparam>
static class SideAddress<TMark> where TMark : class, new()
{
    /// <param name="addresses">As in Rewas:Listen. Invalid ones are reported with all other errors at start.</param>
    /// <param name="behindTls">Settings of what comes out of TLS.</param>
    public static void ListenOn(
        KestrelServerOptions kestrel, string addresses, HttpProtocols protocols, Action<ListenOptions>? behindTls = null)
    {
        foreach (var address in ListenAddress.Split(addresses).Select(ListenAddress.TryParse))
            address?.ListenOn(
                kestrel,
                listen =>
                {
                    listen.Protocols = protocols;
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(new TMark());
                        return next(connection);
                    });
                },
                behindTls);
    }

    /// <summary>Whether a request came to one of these addresses.</summary>
    public static bool Received(HttpContext context) => context.Features.Get<TMark>() is not null;
}
