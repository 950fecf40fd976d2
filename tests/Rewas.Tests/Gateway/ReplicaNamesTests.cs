using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Gateway;
using Rewas.Tests.Client;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rewas.Tests.Gateway;

public sealed class ReplicaNamesTests
{
    static readonly GatewayOptions EverySecond = new() { NameInterval = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Each_address_of_a_name_is_a_replica_and_addresses_stay_as_they_are()
    {
        var resolved = await ResolveAsync(
            ["10.0.0.1", "10.0.0.2", "fd00::3"], "http://diffusion:5103", "http://10.1.1.1:5103", "http://localhost:5103");
        Assert.Equal(
            ["http://10.0.0.1:5103/", "http://10.0.0.2:5103/", "http://10.1.1.1:5103", "http://[fd00::3]:5103/", "http://localhost:5103"],
            resolved.Destinations.Values.Select(destination => destination.Address).Order(StringComparer.Ordinal));
        Assert.All(
            resolved.Destinations.Values.Where(destination => destination.Address.EndsWith('/')),
            destination => Assert.Equal("diffusion:5103", destination.Host));
        Assert.NotNull(resolved.ChangeToken);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_stays_and_is_looked_up_again()
    {
        var resolved = await ResolveAsync(null, "http://diffusion:5103");
        Assert.Equal("http://diffusion:5103", Assert.Single(resolved.Destinations.Values).Address);
        Assert.False(resolved.ChangeToken!.HasChanged);
        await Wait.UntilAsync(() => resolved.ChangeToken.HasChanged, "the name is looked up again");
    }

    [Fact]
    public async Task Calls_go_to_all_replicas_of_a_name_also_to_those_that_come_later()
    {
        StageDoubles first = new(), second = new();
        await using var one = await StageHost.StartAsync(first);
        await using var two = await StageHost.StartAsync(second, $"http://127.0.0.2:{one.Address.Port}");
        string[] known = ["127.0.0.1"];
        await using var gateway = await GatewayHost.StartAsync(_ => [new($"http://replicas.test:{one.Address.Port}")], services => services
            .AddSingleton<IDestinationResolver>(
                new ReplicaNames(Options.Create(EverySecond), (_, _) => Task.FromResult<IPAddress[]>([.. known.Select(IPAddress.Parse)]))));
        using var client = RewasClient.Connect(gateway.Address, new() { Repeat = false });
        await client.GenerateAsync(SoundRequests.With([]));
        Assert.Equal(0, second.Calls);

        known = ["127.0.0.2"];
        await Wait.UntilAsync(async () =>
        {
            await client.GenerateAsync(SoundRequests.With([]));
            return second.Calls > 0;
        }, "the new replica is called");
    }

    static async Task<ResolvedDestinationCollection> ResolveAsync(string[]? addresses, params string[] destinations) =>
        await new ReplicaNames(Options.Create(EverySecond), (_, _) => addresses is null
            ? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
            : Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]))
            .ResolveDestinationsAsync(
                destinations.ToDictionary(address => address, address => new DestinationConfig { Address = address }),
                CancellationToken.None);
}
