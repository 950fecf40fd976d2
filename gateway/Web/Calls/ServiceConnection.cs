using Rewas.Client;

namespace Rewas.Gateway.Web.Calls;

/// <summary>The connection to the services: the host's own socket.</summary>
sealed class ServiceConnection(Uri address) : IDisposable
{
    public RewasClient Client { get; } = RewasClient.Connect(address);

    public void Dispose() => Client.Dispose();
}
