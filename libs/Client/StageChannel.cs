using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Rewas.Clip.Faults;
using Rewas.Protocol;

namespace Rewas.Client;

/// <summary>HTTP/2 connections to one address, or to several gateways that serve the same.</summary>
static class StageChannel
{
    /// <exception cref="InputFault">A certificate cannot be used.</exception>
    public static GrpcChannel Open(GatewayAddresses addresses, RewasClientOptions options)
    {
        var usesTls = addresses.IsTls || (addresses.IsName && options.Access.Tls != new PeerTls());
        var config = new ServiceConfig();
        UnaryCalls.AddTo(config, options);
        var channel = new GrpcChannelOptions
        {
            HttpHandler = Handler(addresses, options, usesTls),
            DisposeHttpClient = true,
            ServiceConfig = config,
            MaxReceiveMessageSize = MessageLimits.MessageBytes,
            // A restarted stage should serve the next call. gRPC's own backoff grows to two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(250),
        };
        if (addresses.IsUnixSocket)
            return GrpcChannel.ForAddress("http://localhost", channel);
        if (addresses.All.Count == 1 && !addresses.IsName)
            return GrpcChannel.ForAddress(addresses.All[0], channel);
        config.LoadBalancingConfigs.Add(GatewayBalancer.Config);
        channel.Credentials = usesTls ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        channel.ServiceProvider = new GatewayResolvers(addresses);
        return GrpcChannel.ForAddress(addresses.IsName ? addresses.All[0] : GatewayResolvers.Listed, channel);
    }

    static HttpMessageHandler Handler(GatewayAddresses addresses, RewasClientOptions options, bool usesTls)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // A stage sends nothing while it samples. Pings distinguish a busy stage from a dead one.
            KeepAlivePingDelay = options.PingDelay,
            KeepAlivePingTimeout = options.PingTimeout,
        };
        if (usesTls)
            handler.SslOptions = options.Access.Tls.ToSslOptions(StageAccess.Section);
        if (addresses.IsUnixSocket)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(addresses.All[0].AbsolutePath, cancellation);
        HttpMessageHandler calls = options.Access.ApiKey.Length > 0 ? new ApiKeyHandler(options.Access.ApiKey, handler) : handler;
        return new OnceHandler(options.ActingFor is { } caller ? new ActingForHandler(caller, calls) : calls);
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
