using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Hosting.Access;

namespace Rewas.Gateway;

/// <summary>
/// A socket of the gateway that only this process can reach. The web API calls the services through it, so that routing, health and load
/// balancing are those of every call.
/// </summary>
sealed class OwnSocket(PrivateSocket socket) : IHostedService, IDisposable
{
    public string Path => socket.Address.AbsolutePath;

    /// <summary>Adds the socket to the gateway's addresses.</summary>
    /// <returns>Its address.</returns>
    public static Uri Add(WebApplicationBuilder builder)
    {
        var socket = new PrivateSocket();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenOnOwnSocket(socket.Address.AbsolutePath, HttpProtocols.Http2));
        // Only calls of this process use the socket. They carry their caller's name. The gate drops that header from all other calls.
        builder.Configuration[$"{RewasOptions.Section}:{nameof(RewasOptions.TrustCallerHeader)}"] = "true";
        builder.Services.AddSingleton(new OwnSocket(socket));
        builder.Services.AddHostedService(services => services.GetRequiredService<OwnSocket>());
        return socket.Address;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => socket.Dispose();
}
