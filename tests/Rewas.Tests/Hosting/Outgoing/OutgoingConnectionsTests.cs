using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting.Outgoing;

namespace Rewas.Tests.Hosting.Outgoing;

public sealed class OutgoingConnectionsTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task A_name_of_a_private_address_is_refused_when_it_is_connected_to(string address)
    {
        using var listener = new Listener();
        using var connections = Connections(_ => [IPAddress.Parse(address)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://receiver.example:{listener.Port}/");
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => connections.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Contains(
            "must name a public address, but 'receiver.example' is", OutgoingConnections.RefusalOf(failure)!.Message,
            StringComparison.Ordinal);
        Assert.False(listener.WasConnectedTo);
    }

    [Fact]
    public async Task An_address_that_changes_after_it_was_checked_is_checked_again()
    {
        using var listener = new Listener();
        var looks = 0;
        using var connections = Connections(_ => ++looks == 1 ? [IPAddress.Parse("192.0.2.1")] : [IPAddress.Loopback]);
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://rebinding.example:{listener.Port}/");
            await Assert.ThrowsAnyAsync<Exception>(() => connections.SendAsync(request, TestContext.Current.CancellationToken));
        }
        Assert.Equal(2, looks);
        Assert.False(listener.WasConnectedTo);
    }

    [Fact]
    public async Task An_allowed_network_is_connected_to()
    {
        using var listener = new Listener();
        using var connections = Connections(_ => [IPAddress.Parse("10.0.0.1"), IPAddress.Loopback], "127.0.0.0/8");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://receiver.example:{listener.Port}/");
        var sending = connections.SendAsync(request, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => listener.WasConnectedTo, "the connection");
        listener.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    [Theory]
    [InlineData("", "must have 1 to 2048 characters")]
    [InlineData("hook", "must be https:// and a host")]
    [InlineData("/hook", "must be https:// and a host")]
    [InlineData("http://receiver.example/", "must be https:// and a host")]
    [InlineData("file:///etc/passwd", "must be https:// and a host")]
    [InlineData("gopher://receiver.example/", "must be https:// and a host")]
    [InlineData("https://user:word@receiver.example/", "must not hold a user name or password")]
    [InlineData("https://127.0.0.1/", "must name a public address")]
    [InlineData("https://2130706433/", "must name a public address")]
    [InlineData("https://0x7f.1/", "must name a public address")]
    [InlineData("https://[::ffff:10.0.0.1]/", "must name a public address")]
    public void A_URL_that_may_not_be_reached_is_refused(string url, string message)
    {
        using var connections = Connections(_ => []);
        var fault = Assert.Throws<InputFault>(() => connections.Read("webhook", url, allowHttp: false));
        Assert.StartsWith($"webhook: {message}", fault.Message, StringComparison.Ordinal);
    }

    static OutgoingConnections Connections(Func<string, IPAddress[]> resolve, params string[] allowed) => new(
        Options.Create(new OutgoingOptions { AllowedNetworks = allowed }), (host, _) => Task.FromResult(resolve(host)));

    /// <summary>Listens on this machine and notices who connects.</summary>
    sealed class Listener : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.IPv6Any, 0);

        public Listener()
        {
            listener.Server.DualMode = true;
            listener.Start();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public bool WasConnectedTo => listener.Pending();

        public void Dispose() => listener.Dispose();
    }
}
