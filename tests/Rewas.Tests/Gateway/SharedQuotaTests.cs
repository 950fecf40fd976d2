using Grpc.Core;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;
using Rewas.Tests.Hosting.Access;

namespace Rewas.Tests.Gateway;

/// <summary>Several gateways give a caller one quota.</summary>
public sealed class SharedQuotaTests
{
    [Fact]
    public async Task Three_gateways_give_a_caller_the_calls_of_one_day()
    {
        await using var fleet = await Fleet.StartAsync(new());
        var key = fleet.Add("alice", new() { CallsPerDay = 5 });

        var ends = new List<StatusCode>();
        for (var i = 0; i < 9; i++)
            ends.Add(await fleet.CallAsync(i, key));

        Assert.Equal([.. Enumerable.Repeat(StatusCode.OK, 5), .. Enumerable.Repeat(StatusCode.ResourceExhausted, 4)], ends);
        Assert.Equal(StatusCode.OK, await fleet.CallAsync(0, fleet.Add("bob", new() { CallsPerDay = 5 })));
    }

    [Fact]
    public async Task Three_gateways_give_a_caller_one_rate()
    {
        await using var fleet = await Fleet.StartAsync(new());
        var key = fleet.Add("alice", new() { CallsPerSecond = 1, Burst = 6 });

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var ends = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => fleet.CallAsync(i, key)));

        Assert.InRange(ends.Count(end => end == StatusCode.OK), 6, 6 + (int)watch.Elapsed.TotalSeconds + 1);
    }

    [Fact]
    public async Task Three_gateways_give_a_caller_its_places_once_and_take_them_back()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var fleet = await Fleet.StartAsync(doubles);
        var key = fleet.Add("alice", new() { ConcurrentCalls = 2 });

        Task<StatusCode>[] calls = [fleet.CallAsync(0, key), fleet.CallAsync(1, key)];
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 2, "both calls are in progress");
        Assert.Equal(StatusCode.ResourceExhausted, await fleet.CallAsync(2, key));
        held.SetResult();
        Assert.All(await Task.WhenAll(calls), end => Assert.Equal(StatusCode.OK, end));

        await Wait.UntilAsync(async () => await fleet.CallAsync(2, key) == StatusCode.OK, "the places are free");
    }

    [Fact]
    public async Task Three_gateways_count_bytes_together_and_exactly()
    {
        await using var fleet = await Fleet.StartAsync(new());
        var key = fleet.Add("alice", new() { UploadBytesPerDay = 52 });      // ten empty messages of five bytes

        var ends = new List<StatusCode>();
        for (var i = 0; i < 12; i++)
            ends.Add(await fleet.CallAsync(i, key));

        Assert.Equal(10, ends.Count(end => end == StatusCode.OK));
        Assert.Equal(StatusCode.ResourceExhausted, ends[^1]);
    }

    [Fact]
    public async Task A_call_for_which_there_is_no_room_does_not_use_up_the_shared_day()
    {
        var full = true;
        await using var fleet = await Fleet.StartAsync(new()
        {
            BeforeDescribe = _ => full ? throw new RpcException(new(StatusCode.Unavailable, "full")) : Task.CompletedTask,
        });
        var key = fleet.Add("alice", new() { CallsPerDay = 1 });
        // A caller may have its answer a little before the call is taken off the day.
        for (var i = 0; i < 4; i++)
            await Wait.UntilAsync(async () => await fleet.CallAsync(i, key) == StatusCode.Unavailable, "the call reaches the stage");
        full = false;

        await Wait.UntilAsync(async () => await fleet.CallAsync(0, key) == StatusCode.OK, "the day has one call left");
        Assert.Equal(StatusCode.ResourceExhausted, await fleet.CallAsync(1, key));
    }

    [Fact]
    public async Task Callers_are_served_while_the_store_is_away_and_counted_together_when_it_is_back()
    {
        await using var fleet = await Fleet.StartAsync(new());
        var key = fleet.Add("alice", new() { CallsPerDay = 2 });
        Assert.Equal(StatusCode.OK, await fleet.CallAsync(0, key));
        fleet.Redis.End();

        // Each gateway counts by itself.
        for (var gateway = 0; gateway < 3; gateway++)
        {
            Assert.Equal(StatusCode.OK, await fleet.CallAsync(gateway, key));
            Assert.Equal(StatusCode.OK, await fleet.CallAsync(gateway, key));
            Assert.Equal(StatusCode.ResourceExhausted, await fleet.CallAsync(gateway, key));
        }
        Assert.All(fleet.Logs, log => Assert.Contains("The store of the quotas is away", log, StringComparison.Ordinal));

        await fleet.Redis.BeginAsync();
        var other = fleet.Add("bob", new() { CallsPerDay = 1000 });
        await Wait.UntilAsync(
            async () =>
            {
                for (var gateway = 0; gateway < 3; gateway++)
                    await fleet.CallAsync(gateway, other);
                return fleet.Logs.All(log => log.Contains("The store of the quotas is back", StringComparison.Ordinal));
            },
            "all gateways have the store again");
        Assert.Equal(
            [StatusCode.OK, StatusCode.OK, StatusCode.ResourceExhausted],
            [await fleet.CallAsync(0, key), await fleet.CallAsync(1, key), await fleet.CallAsync(2, key)]);
    }

    [Fact]
    public async Task A_call_waits_for_the_store_as_long_as_its_address_says()
    {
        await using var fleet = await Fleet.StartAsync(new(), lastWaits: "");
        var key = fleet.Add("alice", new() { CallsPerDay = 2 });
        Assert.Equal(StatusCode.OK, await fleet.CallAsync(0, key));
        Assert.Equal(StatusCode.OK, await fleet.CallAsync(2, key));

        // The last gateway waits for a second, as is the default, and then counts by itself. The first one still waits.
        fleet.Redis.Freeze();
        var call = fleet.CallAsync(0, key);
        Assert.Equal(StatusCode.OK, await fleet.CallAsync(2, key));
        fleet.Redis.GoOn();

        Assert.Equal(StatusCode.ResourceExhausted, await call);
        Assert.DoesNotContain("is away", fleet.Logs.First(), StringComparison.Ordinal);
        Assert.Contains("is away", fleet.Logs.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("password=secret")]
    [InlineData("redis:6379,nosuchsetting=secret")]
    public void An_address_that_is_none_is_told_without_its_password(string address)
    {
        var faults = new Rewas.Gateway.GatewayOptions { QuotaStore = address };
        var told = new Rewas.Gateway.GatewayOptionsValidator().Validate(null, faults).Failures!
            .Where(fault => fault.StartsWith("Gateway:QuotaStore", StringComparison.Ordinal)).ToList();
        if (address.Length == 0)
            Assert.Empty(told);
        else
            Assert.StartsWith("Gateway:QuotaStore: must be HOST:PORT of a Redis", Assert.Single(told), StringComparison.Ordinal);
    }

    /// <summary>Three gateways with one file of keys and one Redis.</summary>
    sealed class Fleet : IAsyncDisposable
    {
        readonly TemporaryFolder folder = new();
        readonly List<GatewayHost> gateways = [];
        StageHost? stages;

        public required RedisServer Redis { get; init; }

        public IEnumerable<string> Logs => gateways.Select(gateway => gateway.Log.All);

        string Keys => folder.File("keys.json");

        /// <param name="doubles">Served by one replica of each stage.</param>
        /// <param name="lastWaits">Setting for how long the last gateway waits for Redis; null: as long as the others.</param>
        public static async Task<Fleet> StartAsync(StageDoubles doubles, string? lastWaits = null)
        {
            var patiently = $",asyncTimeout={Wait.Patience.TotalMilliseconds}";
            var fleet = new Fleet { Redis = await RedisServer.StartAsync(), stages = await StageHost.StartAsync(doubles) };
            KeysFile.Write(fleet.Keys, []);
            for (var i = 0; i < 3; i++)
                fleet.gateways.Add(await GatewayHost.StartAsync(
                    _ => [fleet.stages.Address],
                    ("Callers:KeysFile", fleet.Keys),
                    ("Gateway:QuotaStore", fleet.Redis.Address + (i == 2 ? lastWaits ?? patiently : patiently))));
            return fleet;
        }

        public ApiKey Add(string caller, CallerLimits limits)
        {
            var key = ApiKey.New();
            KeysFile.Write(Keys,
            [
                .. KeysFile.Read(Keys),
                new()
                {
                    Id = key.Id,
                    Caller = caller,
                    Sha256 = Convert.ToHexStringLower(key.Hash()),
                    Created = DateTimeOffset.UtcNow,
                    Methods = ["*"],
                    Limits = limits,
                },
            ]);
            return key;
        }

        /// <summary>Calls through one of the gateways. One that does not know the key yet is asked again.</summary>
        public async Task<StatusCode> CallAsync(int gateway, ApiKey key)
        {
            using var client = new GuardedGateway.Client(gateways[gateway % gateways.Count].Address, $"Bearer {key.Text}");
            var end = StatusCode.OK;
            await Wait.UntilAsync(
                async () =>
                {
                    var failure = await Record.ExceptionAsync(client.DescribeAsync) as RpcException;
                    end = failure?.StatusCode ?? StatusCode.OK;
                    return end != StatusCode.Unauthenticated;
                },
                "the key is known");
            return end;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var gateway in gateways)
                await gateway.DisposeAsync();
            await stages!.DisposeAsync();
            Redis.Dispose();
            folder.Dispose();
        }
    }
}
