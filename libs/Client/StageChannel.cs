using System.Net.Sockets;
using Grpc.Net.Client;
using Rewas.Clip.Faults;
using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>HTTP/2 connections to one address.</summary>
static class StageChannel
{
    const string UnixScheme = "unix";

    public static GrpcChannel Open(Uri address, RewasClientOptions options)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https" or UnixScheme))
            throw InputFault.Invalid("gateway", $"must be http://HOST:PORT, https://HOST:PORT or unix:/PATH, but is '{address}'");
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // A stage sends nothing while it samples. Pings distinguish a busy stage from a dead one.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        };
        if (address.Scheme == Uri.UriSchemeHttps)
            handler.SslOptions = options.Access.Tls.ToSslOptions(StageAccess.Section);
        if (address.Scheme == UnixScheme)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(address.AbsolutePath, cancellation);
        HttpMessageHandler calls = options.Access.ApiKey.Length > 0 ? new ApiKeyHandler(options.Access.ApiKey, handler) : handler;
        return GrpcChannel.ForAddress(address.Scheme == UnixScheme ? new Uri("http://localhost") : address, new()
        {
            HttpHandler = options.ActingFor is { } caller ? new ActingForHandler(caller, calls) : calls,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MessageLimits.MessageBytes,
            // A restarted stage should serve the next call. gRPC's own backoff grows to two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            // Shorter than all retry waits together, so that a stage that is back is found.
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(250),
        });
    }

    static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Uri.UnescapeDataString(path)), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
