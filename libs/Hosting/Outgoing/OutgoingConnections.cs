using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.Hosting.Outgoing;

/// <summary>
/// Sends requests to addresses that callers give. A name is resolved when the connection is made, and only the checked addresses are
/// connected to, so a name cannot change between check and use. No redirect is followed, no proxy and no cookie is used.
/// </summary>
public sealed class OutgoingConnections : IDisposable
{
    const int MostUrlCharacters = 2048, MostHeaderKilobytes = 32;

    /// <summary>A connection is made anew after this time, so that its address is looked up and checked again.</summary>
    static readonly TimeSpan LongestConnection = TimeSpan.FromMinutes(2);

    readonly IPNetwork[] allowed;
    readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    readonly HttpMessageInvoker client;

    public OutgoingConnections(IOptions<OutgoingOptions> options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="resolve">The addresses of a name.</param>
    internal OutgoingConnections(IOptions<OutgoingOptions> options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        allowed = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];
        this.resolve = resolve;
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,                                // traces stay inside
            MaxResponseHeadersLength = MostHeaderKilobytes,
            PooledConnectionLifetime = LongestConnection,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Reads a URL that a caller gives.</summary>
    /// <param name="field">Names it in messages.</param>
    /// <param name="allowHttp">Whether it may be http://.</param>
    /// <exception cref="InputFault">The URL is none, of another scheme, or names an address that is not public.</exception>
    public Uri Read(string field, string text, bool allowHttp)
    {
        if (text.Length is 0 or > MostUrlCharacters)
            throw InputFault.Invalid(field, $"must have 1 to {MostUrlCharacters} characters, but has {text.Length}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == "https" || (allowHttp && url.Scheme == "http"))
            || url.Host.Length == 0)
            throw InputFault.Invalid(field, $"must be {(allowHttp ? "http:// or https://" : "https://")} and a host");
        if (url.UserInfo.Length > 0)
            throw InputFault.Invalid(field, "must not hold a user name or password");
        if (IPAddress.TryParse(url.DnsSafeHost, out var address) && !MayReach(address))
            throw InputFault.Invalid(field, NotPublic(url.DnsSafeHost));
        return url;
    }

    /// <exception cref="HttpRequestException">The request cannot be sent. The inner exception is an InputFault if it may not.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        client.SendAsync(request, cancellation);

    /// <summary>Why a request may not be sent; null if it failed for another reason.</summary>
    public static InputFault? RefusalOf(Exception failure) => failure as InputFault ?? failure.InnerException as InputFault;

    public void Dispose() => client.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        IPAddress[] reachable = [.. addresses.Where(MayReach)];
        if (reachable.Length == 0)
            throw addresses.Length == 0
                ? new HttpRequestException($"{host} has no address")
                : InputFault.Invalid("url", NotPublic(host));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    bool MayReach(IPAddress address) =>
        PublicAddress.IsPublic(address) || allowed.Any(network => network.Contains(PublicAddress.Plain(address)));

    static string NotPublic(string host) => $"must name a public address, but '{host}' is in a private network, or is this machine";
}
