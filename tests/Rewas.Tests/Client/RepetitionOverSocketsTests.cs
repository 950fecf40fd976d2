using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Rewas.Client;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Client;

/// <summary>The same over sockets, where there may be several gateways, and a gateway may be gone or silent.</summary>
public sealed class RepetitionOverSocketsTests : RepetitionTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartAsync(doubles);

    [Fact]
    public async Task A_platform_that_dies_and_is_started_again_finishes_the_request()
    {
        var first = new StageDoubles
        {
            BeforeMel = (window, stop) => window == 2 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask,
        };
        var host = await StageHost.StartAsync(first, $"http://127.0.0.1:{Programs.FreePort()}");             // nobody takes it meanwhile
        var address = host.Address;
        using var client = RewasClient.Connect(address, Quick);
        var sound = new List<float>();

        var generating = client.GenerateAsync(SoundRequests.With(sound));
        await Wait.UntilAsync(() => first.MelsSent == 2, "two windows are made");
        await host.DisposeAsync();
        await using var again = await StageHost.StartAsync(new(), address.OriginalString);
        await generating;

        AssertWhole(first, sound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_gateway_that_dies_is_replaced_by_the_other(int dies)
    {
        Func<int, CancellationToken, Task> hang = (window, stop) => window == 1 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        StageDoubles[] doubles = [new(), new()];
        doubles[dies].BeforeWave = hang;
        StageHost[] hosts = [await StageHost.StartAsync(doubles[0]), await StageHost.StartAsync(doubles[1])];
        await using var rest = hosts[1 - dies];
        using var client = Connect(hosts.Select(host => host.Address), Quick);
        // Each gateway gets some of the calls. The request that hangs is repeated at the other gateway.
        List<float>[] sounds = [[], [], [], []];
        var all = Task.WhenAll(sounds.Select(sound => client.GenerateAsync(SoundRequests.With(sound))));
        await Wait.UntilAsync(() => sounds.Any(sound => sound.Contains(0)), "sound is made");
        await hosts[dies].DisposeAsync();
        await all;

        Assert.All(sounds, sound => AssertWhole(doubles[0], sound));
    }

    [Fact]
    public async Task A_gateway_that_accepts_connections_and_never_answers_is_passed_over()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var doubles = new StageDoubles();
        await using var host = await StageHost.StartAsync(doubles);
        // No ping ends a connection here, so only another gateway can answer.
        using var client = Connect(
            [new($"http://{silent.LocalEndpoint}"), host.Address],
            Quick with { PingDelay = Wait.Patience, PingTimeout = Wait.Patience, DescribeTimeout = Wait.Patience });
        var seen = new Recorder();

        for (var i = 0; i < 3; i++)
        {
            var sound = new List<float>();
            await client.GenerateAsync(SoundRequests.With(sound), seen);
            AssertWhole(doubles, sound);
        }

        Assert.Empty(seen.Events.OfType<GenerateProgress.Repeated>());
    }

    [Fact]
    public async Task A_gateway_that_breaks_off_every_call_at_once_gets_none_that_fails_a_request()
    {
        using var breaking = new TcpListener(IPAddress.Loopback, 0);
        breaking.Start();
        var broken = BreakOffAllAsync(breaking);
        var doubles = new StageDoubles();
        await using var host = await StageHost.StartAsync(doubles);
        using var client = Connect([new($"http://{breaking.LocalEndpoint}"), host.Address], Quick);

        for (var i = 0; i < 20; i++)
        {
            var sound = new List<float>();
            await client.GenerateAsync(SoundRequests.With(sound));
            AssertWhole(doubles, sound);
        }

        breaking.Stop();
        await broken;
    }

    [Fact]
    public async Task A_call_that_a_server_gives_back_with_its_connection_arrives_whole()
    {
        await using var host = await StageHost.StartAsync(new());
        await using var departing = new DepartingServer("/Describe", host.Address);
        using var client = RewasClient.Connect(departing.Address, Quick);

        var described = await new V1.Vocoder.VocoderClient(client.Invoker).DescribeAsync(new());

        Assert.Equal("Vocoder", described.Stage);
    }

    [Fact]
    public async Task A_stream_that_a_server_gives_back_with_its_connection_is_unavailable_and_not_silent()
    {
        await using var host = await StageHost.StartAsync(new());
        await using var departing = new DepartingServer("/Encode", host.Address, afterEnd: false);
        using var client = RewasClient.Connect(departing.Address, Quick);
        using var call = new DuplexCall<V1.EncodeVideoRequest, V1.EncodeVideoResponse>(
            new V1.VideoEncoder.VideoEncoderClient(client.Invoker).Encode());
        await call.TryWriteAsync(new() { Options = new() { FileName = "clip.mp4" } });

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => call.MoveNextAsync().WaitAsync(Wait.Patience));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task Calls_are_spread_over_gateways_that_answer()
    {
        StageDoubles[] doubles = [new(), new()];
        await using var first = await StageHost.StartAsync(doubles[0]);
        await using var second = await StageHost.StartAsync(doubles[1]);
        using var client = Connect([first.Address, second.Address], Quick);
        await Wait.UntilAsync(
            async () =>
            {
                await client.GenerateAsync(SoundRequests.With([]));
                return doubles.All(double_ => double_.Calls > 0);
            },
            "both have had calls");
    }

    [Fact]
    public async Task A_gateway_is_found_by_its_name()
    {
        var doubles = new StageDoubles();
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(GatewayAddresses.Parse($"dns:///localhost:{host.Address.Port}"), Quick);
        var sound = new List<float>();

        await client.GenerateAsync(SoundRequests.With(sound));

        AssertWhole(doubles, sound);
    }

    [Theory]
    [InlineData("http://a:1;https://b:1", "must be several addresses of http:// or of https://")]
    [InlineData("unix:/a;unix:/b", "must be several addresses of http:// or of https://")]
    [InlineData("http://a:1;nonsense", "must be http://HOST:PORT")]
    [InlineData("dns://server/a:1", "must be http://HOST:PORT")]
    [InlineData(";", "must be http://HOST:PORT")]
    [InlineData("", "must be http://HOST:PORT")]
    [InlineData("http://a:1;http://a:1", "must have each address once, but has http://a:1/ 2 times")]
    public void Addresses_of_another_form_are_refused(string text, string said)
    {
        var fault = Assert.Throws<InputFault>(() => GatewayAddresses.Parse(text));
        Assert.StartsWith($"gateway: {said}", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Accepts connections, and resets each when its first bytes come.</summary>
    static async Task BreakOffAllAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                _ = Task.Run(async () =>
                {
                    using (socket)
                    {
                        await socket.ReceiveAsync(new byte[1]);
                        socket.LingerState = new(enable: true, seconds: 0);
                    }
                });
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    static RewasClient Connect(IEnumerable<Uri> addresses, RewasClientOptions options) =>
        RewasClient.Connect(GatewayAddresses.Parse(string.Join(';', addresses.Select(address => address.OriginalString))), options);
}
