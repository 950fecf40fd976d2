using Grpc.Core;
using Rewas.Client;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;

namespace Rewas.Tests.Hosting.Access;

/// <summary>What a service of the platform does for a caller is the caller's.</summary>
public sealed class ServiceCallTests
{
    [Fact]
    public async Task The_calls_of_a_service_count_for_the_caller_that_it_names()
    {
        await using var world = await World.StartAsync();
        var limits = new CallerLimits { CallsPerDay = 3 };
        using var alice = world.Gateway.With(world.Gateway.Add("alice", entry => entry with { Limits = limits }));
        using var forAlice = world.As(world.Service, "alice");
        world.Gateway.Add("bob");
        using var forBob = world.As(world.Service, "bob");

        await alice.DescribeAsync();
        await forAlice.DescribeAsync();
        await forAlice.DescribeAsync();

        const string said = "calls: at most 3 may be made in 24 hours (CallsPerDay)";
        await forAlice.DescribeAsync().Fails(StatusCode.ResourceExhausted, said);
        await alice.DescribeAsync().Fails(StatusCode.ResourceExhausted, said);
        await forBob.DescribeAsync();
        Assert.Equal(["alice", "alice", "alice", "bob"], world.Doubles.HeadersSeen.Select(headers => headers.GetValue("rewas-caller")));
    }

    [Fact]
    public async Task A_service_spends_nothing_of_its_own_for_others()
    {
        await using var world = await World.StartAsync(new() { CallsPerDay = 1 });
        world.Gateway.Add("alice");
        using var forAlice = world.As(world.Service, "alice");
        using var own = world.Gateway.With(world.Service);

        for (var i = 0; i < 5; i++)
            await forAlice.DescribeAsync();
        await own.DescribeAsync();

        await own.DescribeAsync().Fails(StatusCode.ResourceExhausted, "CallsPerDay");
    }

    [Fact]
    public async Task A_caller_with_one_call_at_a_time_has_four_places_for_the_service_that_this_call_uses()
    {
        var held = new TaskCompletionSource();
        await using var world = await World.StartAsync(doubles: new() { BeforeDescribe = _ => held.Task });
        var limits = new CallerLimits { ConcurrentCalls = 1 };
        using var alice = world.Gateway.With(world.Gateway.Add("alice", entry => entry with { Limits = limits }));
        using var forAlice = world.As(world.Service, "alice");

        Task[] calls = [alice.DescribeAsync(), .. Enumerable.Range(0, 4).Select(_ => forAlice.DescribeAsync())];
        await Wait.UntilAsync(() => world.Doubles.HeadersSeen.Count == 5, "all calls are in progress");
        await forAlice.DescribeAsync().Fails(StatusCode.ResourceExhausted, "at most 4 may be in progress (ConcurrentCalls)");
        await alice.DescribeAsync().Fails(StatusCode.ResourceExhausted, "at most 1 may be in progress (ConcurrentCalls)");
        held.SetResult();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task Only_a_key_that_says_so_acts_for_callers()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Add("alice");
        using var forged = world.As(world.Gateway.Add("mallory"), "alice");

        await forged.DescribeAsync();

        Assert.Equal("mallory", Assert.Single(world.Doubles.HeadersSeen).GetValue("rewas-caller"));
    }

    [Fact]
    public async Task A_service_has_its_own_rights_for_everybody()
    {
        await using var world = await World.StartAsync();
        var reader = world.Gateway.Add(
            "reader", entry => entry with { ActsForCallers = true, Methods = ["rewas.v1.AudioDiffusion/Describe"] });
        world.Gateway.Add("alice");
        using var forAlice = world.As(reader, "alice");

        await forAlice.DescribeAsync().Fails(StatusCode.PermissionDenied, "reader may not call rewas.v1.Vocoder/Describe");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("gone")]
    [InlineData("late")]
    [InlineData("oidc:alice")]
    [InlineData("a b")]
    public async Task A_service_does_nothing_for_a_caller_without_a_valid_key(string caller)
    {
        await using var world = await World.StartAsync();
        world.Gateway.Add("gone", entry => entry with { Revoked = DateTimeOffset.UtcNow });
        world.Gateway.Add("late", entry => entry with { Expires = DateTimeOffset.UtcNow.AddSeconds(-1) });
        using var service = world.As(world.Service, caller);

        await service.DescribeAsync().Fails(StatusCode.Unauthenticated, "the caller that the service works for has no valid key");

        Assert.Empty(world.Doubles.HeadersSeen);
    }

    [Fact]
    public async Task The_audit_names_the_caller_and_the_service()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Add("alice");
        using var forAlice = world.As(world.Service, "alice");

        await forAlice.DescribeAsync();

        await Wait.UntilAsync(() => world.Gateway.Log.Of("Rewas.Audit").Any(), "a line is written");
        var line = Assert.Single(world.Gateway.Log.Of("Rewas.Audit")).Fields;
        Assert.Equal(("alice", "service"), ((string)line["Caller"]!, (string)line["Through"]!));
    }

    [Fact]
    public async Task The_client_of_a_service_names_the_caller_of_each_call()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Add("alice");
        var caller = "alice";
        using var client = RewasClient.Connect(
            world.Gateway.Address, new() { Access = new() { ApiKey = world.Service.Text }, ActingFor = () => caller });

        await client.DescribeAsync(TestContext.Current.CancellationToken);
        caller = "";
        await client.DescribeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["alice", "alice", "alice", "alice", "service", "service", "service", "service"],
            world.Doubles.HeadersSeen.Select(headers => headers.GetValue("rewas-caller")));
    }

    /// <summary>A gateway with a key of a service, in front of stages that trust the caller's name.</summary>
    sealed class World : IAsyncDisposable
    {
        StageHost? stages;

        public required StageDoubles Doubles { get; init; }

        public required GuardedGateway Gateway { get; init; }

        public required ApiKey Service { get; init; }

        public static async Task<World> StartAsync(CallerLimits? limits = null, StageDoubles? doubles = null)
        {
            doubles ??= new();
            var stages = await StageHost.StartAsync(doubles, settings: ("Rewas:TrustCallerHeader", "true"));
            var gateway = await GuardedGateway.StartBeforeAsync(doubles, stages.Address);
            return new()
            {
                stages = stages,
                Doubles = doubles,
                Gateway = gateway,
                Service = gateway.Add("service", entry => entry with { ActsForCallers = true, Limits = limits }),
            };
        }

        public GuardedGateway.Client As(ApiKey key, string caller) => Gateway.With($"Bearer {key.Text}", ("rewas-caller", caller));

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await stages!.DisposeAsync();
        }
    }
}
