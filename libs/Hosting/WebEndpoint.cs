using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Rewas.Hosting;

/// <summary>
/// Addresses of the web API: HTTP/1.1, and HTTP/2 over TLS. They serve nothing else, and no other address serves the web API.
/// </summary>
public static class WebEndpoint
{
    /// <summary>Name of the setting in messages.</summary>
    public const string Setting = "Web:Listen";

    /// <param name="addresses">As in Rewas:Listen. Invalid ones are skipped; <see cref="Faults"/> reports them.</param>
    public static void ListenForWeb(this WebApplicationBuilder builder, string addresses)
    {
        builder.Services.AddSingleton(new WebAddresses(addresses));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var text in ListenAddress.Split(addresses))
                SideAddress<Mark>.ListenOn(
                    kestrel, text, ListenAddress.TryParse(text)?.Tls == true ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1,
                    LateEnd.UseLateEnd);
        });
    }

    /// <summary>Whether a request came to an address of the web API.</summary>
    public static bool IsWeb(this HttpContext context) => SideAddress<Mark>.Received(context);

    /// <summary>Lists addresses that are invalid, or that other machines can reach although nobody checks callers.</summary>
    public static IEnumerable<string> Faults(string addresses, RewasOptions options) =>
        ListenAddress.Split(addresses).Select(text => (text, ListenAddress.TryParse(text))).SelectMany(place => place switch
        {
            (var text, null) => [$"{Setting}: '{text}' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH"],
            var (text, address) when address.IsOpen(options) => [ListenAddress.OpenFault(Setting, text)],
            _ => Array.Empty<string>(),
        });

    sealed class Mark;
}

/// <param name="Text">The addresses, separated by semicolons.</param>
sealed record WebAddresses(string Text);
