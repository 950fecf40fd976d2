using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Protocol;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class GatewayTests
{
    static readonly RewasClientOptions OneAttempt = new() { Repeat = false, DescribeTimeout = Wait.Patience };

    [Fact]
    public async Task Each_stage_is_routed_to_its_own_host()
    {
        var all = new StageDoubles();
        Dictionary<string, StageHost> hosts = [];
        foreach (var stage in new[] { StageNames.VideoEncoder, StageNames.EnergyPredictor, StageNames.AudioDiffusion, StageNames.Vocoder })
            hosts[stage] = await StageHost.StartAsync(all);
        await using var gateway = await GatewayHost.StartAsync(stage => [hosts[stage].Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);
        var sound = new List<float>();

        // 40 MB, more than a web server accepts by default.
        var result = await client.GenerateAsync(SoundRequests.With(sound) with { Video = SoundRequests.Video(40_000_000) });

        Assert.Equal(all.Samples, sound.Count);
        Assert.Equal(40_000_000, all.BytesUploaded);
        Assert.Equal(4, result.Summaries.Count);
        foreach (var host in hosts.Values)
            await host.DisposeAsync();
    }

    [Fact]
    public async Task A_stopped_stage_is_unavailable_by_name_and_serves_again_once_it_is_started()
    {
        await using var others = await StageHost.StartAsync(new());
        var diffusion = await StageHost.StartAsync(new(), $"http://127.0.0.1:{Programs.FreePort()}");        // nobody takes it meanwhile
        var address = diffusion.Address;
        await using var gateway = await GatewayHost.StartAsync(stage => [stage == StageNames.AudioDiffusion ? address : others.Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);
        await client.GenerateAsync(SoundRequests.With([]));

        await diffusion.DisposeAsync();
        // At once. At the call's deadline the status would be another.
        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));
        Assert.Equal("AudioDiffusion: UNAVAILABLE: no replica is reachable", failure.Message);

        diffusion = await StageHost.StartAsync(new(), address.OriginalString);
        var sound = new List<float>();
        await client.GenerateAsync(SoundRequests.With(sound));
        Assert.Equal(new StageDoubles().Samples, sound.Count);
        await diffusion.DisposeAsync();
    }

    [Fact]
    public async Task The_status_on_the_wire_names_the_stage()
    {
        await using var gateway = await GatewayHost.StartAsync(_ => [new("http://127.0.0.1:1")]);
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        var failure =
            await Assert.ThrowsAsync<RpcException>(() => new V1.Vocoder.VocoderClient(channel).DescribeAsync(new()).ResponseAsync);

        Assert.Equal((StatusCode.Unavailable, "Vocoder: no replica is reachable"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Calls_are_spread_over_the_replicas()
    {
        StageDoubles first = new(), second = new();
        await using var one = await StageHost.StartAsync(first);
        await using var two = await StageHost.StartAsync(second);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [one.Address, two.Address], ("Gateway:HealthTimeout", "00:01:00"));
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);
        // A running call makes its replica the busier one.
        var held = new TaskCompletionSource();
        first.BeforeMel = second.BeforeMel = (_, cancellation) => held.Task.WaitAsync(cancellation);

        var calls = Enumerable.Range(0, 6).Select(_ => client.GenerateAsync(SoundRequests.With([]))).ToList();
        await Wait.UntilAsync(() => first.OptionsSeen.Count + second.OptionsSeen.Count == 6, "all six calls have reached a replica");
        var spread = (first.OptionsSeen.Count, second.OptionsSeen.Count);
        held.SetResult();
        await Task.WhenAll(calls);

        Assert.InRange(spread.Item1, 1, 5);
        Assert.InRange(spread.Item2, 1, 5);
    }

    [Fact]
    public async Task No_call_fails_while_one_replica_lives()
    {
        await using var alive = await StageHost.StartAsync(new());
        await using var gateway = await GatewayHost.StartAsync(_ => [new("http://127.0.0.1:1"), alive.Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);

        for (var i = 0; i < 5; i++)
            Assert.Equal(4, (await client.DescribeAsync()).Count);
        await client.GenerateAsync(SoundRequests.With([]));
    }

    [Fact]
    public async Task A_replica_that_takes_no_connections_is_passed_over_while_another_lives_and_is_unavailable_alone()
    {
        // A full queue of connections leaves the next one unanswered, as a machine does that is cut off.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(backlog: 0);
        using var only = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await only.ConnectAsync(deaf.LocalEndPoint!);
        var silent = new Uri($"http://{deaf.LocalEndPoint}");
        await using var alive = await StageHost.StartAsync(new());
        await using var gateway = await GatewayHost.StartAsync(
            stage => stage == StageNames.Vocoder ? [silent] : [silent, alive.Address],
            ("Gateway:ConnectTimeout", "00:00:05"), ("Gateway:HealthTimeout", "00:01:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        for (var i = 0; i < 5; i++)
            await new V1.AudioDiffusion.AudioDiffusionClient(channel).DescribeAsync(new());
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Vocoder.VocoderClient(channel).DescribeAsync(new()));

        Assert.Equal((StatusCode.Unavailable, "Vocoder: no replica is reachable"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task A_call_that_a_replica_has_read_goes_to_no_other_one()
    {
        await using var departing = new DepartingServer("/Describe");
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var alive = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(
            stage => stage == StageNames.Vocoder ? [departing.Address, alive.Address] : [alive.Address],
            ("Gateway:HealthTimeout", "00:01:00"));                          // the one that departs answers no probe
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.Vocoder.VocoderClient(channel);

        // Of two calls, one goes to each replica.
        var first = client.DescribeAsync(new()).ResponseAsync;
        await Wait.UntilAsync(() => first.IsCompleted || !doubles.HeadersSeen.IsEmpty, "the first call is at a replica");
        var second = client.DescribeAsync(new()).ResponseAsync;
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await await Task.WhenAny(first, second));

        Assert.Equal((StatusCode.Unavailable, "Vocoder: no replica is reachable"), (failure.StatusCode, failure.Status.Detail));
        held.SetResult();
        await Task.WhenAny(Task.WhenAll(first, second));
    }

    [Fact]
    public async Task A_stage_that_dies_during_the_call_is_unavailable()
    {
        var doubles = new StageDoubles
        {
            BeforeMel = (window, stop) => window == 1 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask,
        };
        await using var others = await StageHost.StartAsync(new());
        var diffusion = await StageHost.StartAsync(doubles);
        var address = diffusion.Address;
        await using var gateway = await GatewayHost.StartAsync(stage => [stage == StageNames.AudioDiffusion ? address : others.Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);

        var generating = client.GenerateAsync(SoundRequests.With([]));
        await Wait.UntilAsync(() => doubles.MelsSent > 0, "the call is in progress");
        await diffusion.DisposeAsync();
        var failure = await Assert.ThrowsAsync<StageFailure>(() => generating);

        Assert.Equal((StageNames.AudioDiffusion, StatusCode.Unavailable), (failure.Stage, failure.Status));
        // Its line is written when the gateway's side of the call is over.
        const string method = "rewas.v1.AudioDiffusion/Generate";
        IReadOnlyDictionary<string, object?>? line = null;
        await Wait.UntilAsync(
            () => (line = gateway.Log.Of("Rewas.Audit").Select(entry => entry.Fields).SingleOrDefault(
                fields => (string)fields["Method"]! == method)) is not null,
            "the call is in the log");
        Assert.Equal(StatusCode.Unavailable, line!["Status"]);
    }

    [Fact]
    public async Task Cancelling_reaches_the_stages()
    {
        using var stop = new CancellationTokenSource();
        var doubles = new StageDoubles
        {
            BeforeMel = async (_, cancellation) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        await using var host = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(_ => [host.Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);

        await Assert.ThrowsAsync<OperationCanceledException>(() => client.GenerateAsync(SoundRequests.With([]), cancellation: stop.Token));

        await Wait.UntilAsync(() => doubles.Cancelled.ContainsKey("AudioDiffusion"), "the stage is told");
    }

    [Fact]
    public async Task A_silent_call_outlives_the_minimum_data_rate_of_web_servers()
    {
        var doubles = new StageDoubles { Windows = 1, BeforeMel = (_, cancellation) => Task.Delay(TimeSpan.FromSeconds(7), cancellation) };
        await using var host = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(_ => [host.Address]);
        using var client = RewasClient.Connect(gateway.Address, OneAttempt);

        Assert.Equal(doubles.Samples, (await client.GenerateAsync(SoundRequests.With([]))).Samples);
    }

    [Fact]
    public async Task The_gateway_answers_for_its_own_health()
    {
        await using var gateway = await GatewayHost.StartAsync(_ => [new("http://127.0.0.1:1")]);
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        var answer = await new Health.HealthClient(channel).CheckAsync(new());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Every_wrong_option_is_told_when_the_gateway_starts()
    {
        await using var app = GatewayHost.Build(
        [
            ("Gateway:Stages:VideoEncoder:0", "http://127.0.0.1:5101"),
            ("Gateway:Stages:VideoEncoder:1", "http://127.0.0.1:5101"),
            ("Gateway:Stages:EnergyPredictor:0", "127.0.0.1:5102"),
            ("Gateway:Stages:AudioDiffusion:0", "http://127.0.0.1:5103"),
            ("Gateway:Stages:Vocode:0", "http://127.0.0.1:5104"),
            ("Gateway:ActivityTimeout", "00:00:00"),
        ]);

        var faults = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(
            [
                "Gateway:Stages:Vocode: is not a stage; stages are VideoEncoder, EnergyPredictor, AudioDiffusion, Vocoder, and there "
                + "may be SoundAgent and SoundStudio and Jobs and SoundLibrary",
                "Gateway:Stages:VideoEncoder: 'http://127.0.0.1:5101' is listed 2 times",
                "Gateway:Stages:EnergyPredictor: '127.0.0.1:5102' is not http://HOST:PORT or https://HOST:PORT",
                "Gateway:Stages:Vocoder: must have at least one address, but has none",
                "Gateway:ActivityTimeout: must be from 00:00:01 to 1.00:00:00, but is 00:00:00",
            ],
            faults.Failures);
    }
}
