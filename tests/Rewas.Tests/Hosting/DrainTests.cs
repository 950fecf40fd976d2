using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Tests.Client;
using Rewas.Tests.Gateway;

namespace Rewas.Tests.Hosting;

public sealed class DrainTests
{
    /// <summary>The health service's name of the whole process.</summary>
    const string Ready = "";

    [Fact]
    public async Task A_draining_process_is_alive_but_not_ready_refuses_new_calls_and_ends_running_ones()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeMel = (_, cancellation) => held.Task.WaitAsync(cancellation) };
        await using var host = await StartAsync(doubles, grace: TimeSpan.FromMinutes(1));
        using var channel = GrpcChannel.ForAddress(host.Urls.First());
        var health = new Health.HealthClient(channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await StatusAsync(health, Ready));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await StatusAsync(health, HealthNames.Alive));
        using var client = RewasClient.Connect(new Uri(host.Urls.First()), new() { Repeat = false });
        var generating = client.GenerateAsync(SoundRequests.With([]));
        await Wait.UntilAsync(
            () => doubles.EnergySeen.Count == doubles.Windows || doubles.OptionsSeen.Count == 1, "the call has reached the stage");

        var stopping = host.StopAsync();
        await NotReadyAsync(health);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await StatusAsync(health, HealthNames.Alive));
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => new V1.AudioDiffusion.AudioDiffusionClient(channel).DescribeAsync(new()).ResponseAsync);
        Assert.Equal(
            new Status(StatusCode.Unavailable, "the process is being stopped"), new Status(refused.StatusCode, refused.Status.Detail));
        Assert.False(stopping.IsCompleted);
        // The vocoder is called when the first mel comes. By then no new calls are taken, and this client cannot go elsewhere.
        held.SetResult();
        var failure = await Assert.ThrowsAsync<StageFailure>(() => generating);
        Assert.Equal((StageNames.Vocoder, StatusCode.Unavailable), (failure.Stage, failure.Status));
        await stopping.WaitAsync(SoundRequests.Patience);
    }

    [Fact]
    public async Task A_call_that_runs_when_its_process_is_told_to_stop_ends_well()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeSegments = (_, cancellation) => held.Task.WaitAsync(cancellation) };
        await using var host = await StartAsync(doubles, grace: TimeSpan.FromMinutes(1));
        using var channel = GrpcChannel.ForAddress(host.Urls.First());
        using var call = await EncodeAsync(channel, doubles);
        var stopping = host.StopAsync();
        await NotReadyAsync(new(channel));
        held.SetResult();
        var answers = 0;
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
            answers++;
        Assert.Equal(1 + doubles.Windows * StageDoubles.SegmentsPerWindow + 1, answers);
        await stopping.WaitAsync(SoundRequests.Patience);
    }

    [Fact]
    public async Task A_call_that_does_not_end_in_the_grace_period_is_handed_back()
    {
        var doubles = new StageDoubles { BeforeSegments = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation) };
        await using var host = await StartAsync(doubles, grace: TimeSpan.FromMilliseconds(200));
        using var channel = GrpcChannel.ForAddress(host.Urls.First());
        using var call = await EncodeAsync(channel, doubles);

        var stopping = host.StopAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in call.ResponseStream.ReadAllAsync())
            {
            }
        });

        Assert.Equal((StatusCode.Unavailable, "the process is being stopped"), (failure.StatusCode, failure.Status.Detail));
        await stopping.WaitAsync(SoundRequests.Patience);
        Assert.True(doubles.Cancelled.ContainsKey("VideoEncoder"));
    }

    [Fact]
    public async Task What_is_handed_back_is_done_by_another_replica()
    {
        var held = 0;
        Func<int, CancellationToken, Task> holdTheFirst = (_, cancellation) => Interlocked.Exchange(ref held, 1) == 0
            ? Task.Delay(Timeout.Infinite, cancellation)
            : Task.CompletedTask;
        StageDoubles first = new() { BeforeMel = holdTheFirst }, second = new() { BeforeMel = holdTheFirst };
        await using var others = await StageHost.StartAsync(new());
        await using var one = await StartAsync(first, grace: TimeSpan.Zero);
        await using var two = await StartAsync(second, grace: TimeSpan.Zero);
        await using var gateway = await GatewayHost.StartAsync(
            stage => stage == StageNames.AudioDiffusion ? [new(one.Urls.First()), new(two.Urls.First())] : [others.Address]);
        using var client = RewasClient.Connect(gateway.Address);
        var sound = new List<float>();
        var generating = client.GenerateAsync(SoundRequests.With(sound));
        await Wait.UntilAsync(() => held == 1, "the first window is held");

        await (first.EnergySeen.IsEmpty ? two : one).StopAsync();
        await generating;

        Assert.Equal(first.Samples, sound.Count);
        Assert.True(first.OptionsSeen.Count == 1 && second.OptionsSeen.Count == 1, "each replica has seen the request once");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task What_is_loaded_is_warmed_up_once_before_the_host_listens(bool isOn, int times)
    {
        var warmed = 0;
        var builder = Builder();
        builder.Configuration["Rewas:WarmUp"] = isOn.ToString();
        builder.Services.AddLoadedAtStart<object>((_, _) => warmed++);
        await using var host = builder.Build();
        await host.StartAsync();
        host.Services.LoadAll();
        Assert.Equal(times, warmed);
    }

    [Fact]
    public void Every_wrong_option_is_told_at_once()
    {
        var builder = Builder();
        foreach (var (key, value) in new[]
        {
            ("Metrics", "9464"),
            ("Logs", "xml"),
            ("DrainDelay", "-00:00:01"),
            ("GracePeriod", "02:00:00"),
        })
            builder.Configuration[$"Rewas:{key}"] = value;
        using var services = builder.Services.BuildServiceProvider();
        var faults = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RewasOptions>>().Value);
        Assert.Equal(
            [
                "Rewas:Metrics: '9464' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH",
                "Rewas:Logs: must be text or json, but is 'xml'",
                "Rewas:DrainDelay: must be from 00:00:00 to 01:00:00, but is -00:00:01",
                "Rewas:GracePeriod: must be from 00:00:00 to 01:00:00, but is 02:00:00",
            ],
            faults.Failures);
    }

    static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        return builder;
    }

    static async Task<WebApplication> StartAsync(StageDoubles doubles, TimeSpan grace)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.Configuration["Rewas:GracePeriod"] = grace.ToString();
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(doubles);
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapGrpcService<VideoEncoderDouble>();
        app.MapGrpcService<EnergyPredictorDouble>();
        app.MapGrpcService<AudioDiffusionDouble>();
        app.MapGrpcService<VocoderDouble>();
        await app.StartAsync();
        return app;
    }

    /// <summary>Starts a call and waits until it has reached the stage.</summary>
    static async Task<AsyncDuplexStreamingCall<V1.EncodeVideoRequest, V1.EncodeVideoResponse>> EncodeAsync(
        GrpcChannel channel, StageDoubles doubles)
    {
        var call = new V1.VideoEncoder.VideoEncoderClient(channel).Encode();
        await call.RequestStream.CompleteAsync();
        await Wait.UntilAsync(() => doubles.Calls == 1, "the call has reached the stage");
        return call;
    }

    static async Task<HealthCheckResponse.Types.ServingStatus> StatusAsync(Health.HealthClient health, string service) =>
        (await health.CheckAsync(new() { Service = service })).Status;

    static Task NotReadyAsync(Health.HealthClient health) =>
        Wait.UntilAsync(
            async () => await StatusAsync(health, Ready) == HealthCheckResponse.Types.ServingStatus.NotServing,
            "the process says that it is being stopped");
}
