using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Rewas.Tests.Hosting.Access;

/// <summary>No caller can make the probes of an orchestrator fail.</summary>
public sealed class ProbeTests : IDisposable
{
    readonly string probes = $"http://127.0.0.1:{Programs.FreePort()}";
    readonly List<GrpcChannel> channels = [];

    [Fact]
    public async Task Probes_are_answered_while_callers_use_up_all_that_health_has_for_them()
    {
        await using var gateway = await GuardedGateway.StartAsync(("Rewas:Probes", probes));
        var stranger = Connect(gateway.Address.OriginalString);
        StatusCode[] asked = [];
        await Wait.UntilAsync(
            async () => (asked = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => StatusOf(stranger))))
                .Contains(StatusCode.ResourceExhausted),
            "strangers use up the checks of health");

        var own = Connect(probes);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => StatusOf(own)));

        Assert.All(answers, answer => Assert.Equal(StatusCode.OK, answer));
        Assert.Equal(ServingStatus.Serving, (await own.CheckAsync(new() { Service = "liveness" })).Status);
    }

    [Fact]
    public async Task Health_is_watched_with_a_key_only()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        using var stranger = gateway.With((string?)null);
        // A key for one method may watch health too: it says nothing about anybody.
        using var caller = gateway.With(gateway.Add("editor", entry => entry with { Methods = ["rewas.v1.Vocoder/Describe"] }));

        await WatchAsync(stranger).Fails(StatusCode.Unauthenticated, "a key or token must be given");
        await WatchAsync(caller);

        static async Task WatchAsync(GuardedGateway.Client client)
        {
            using var watch = new Health.HealthClient(client.Channel).Watch(new(), client.Options);
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        }
    }

    [Fact]
    public async Task The_address_of_the_probes_serves_nothing_else()
    {
        await using var gateway = await GuardedGateway.StartAsync(("Rewas:Probes", probes));
        var key = gateway.Add("editor");
        using var client = new GuardedGateway.Client(new Uri(probes), $"Bearer {key.Text}");

        await client.DescribeAsync().Fails(StatusCode.Unimplemented, "this address answers probes of health alone");
        using var watch = new Health.HealthClient(client.Channel).Watch(new(), client.Options);
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken).Fails(StatusCode.Unimplemented);
        Assert.Empty(gateway.Doubles.HeadersSeen);
    }

    [Fact]
    public async Task An_address_of_probes_that_is_none_is_told_at_start()
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => GuardedGateway.StartAsync(("Rewas:Probes", "9465")));
        Assert.Contains(
            "Rewas:Probes: '9465' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => channels.ForEach(channel => channel.Dispose());

    Health.HealthClient Connect(string address)
    {
        channels.Add(GrpcChannel.ForAddress(address));
        return new(channels[^1]);
    }

    static async Task<StatusCode> StatusOf(Health.HealthClient health)
    {
        try
        {
            await health.CheckAsync(new(), deadline: DateTime.UtcNow + Wait.Patience);
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }
}
