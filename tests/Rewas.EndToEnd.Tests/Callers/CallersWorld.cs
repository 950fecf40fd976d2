using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Rewas.Agent;
using Rewas.AudioDiffusion;
using Rewas.EnergyPredictor;
using Rewas.Gateway;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Jobs;
using Rewas.Protocol;
using Rewas.SoundLibrary;
using Rewas.SoundStudio;
using Rewas.V1;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>
/// A gateway with keys, and behind it a host of all services. The services call the stages through the gateway, with a key that may act for
/// callers.
/// </summary>
sealed class CallersWorld : IAsyncDisposable
{
    readonly TinyBundle bundle = new();
    readonly TemporaryFolder folder = new();
    readonly List<GrpcChannel> channels = [];
    readonly Uri address = new($"http://127.0.0.1:{Programs.FreePort()}");
    WebApplication? services, gateway;

    /// <summary>Small limits and long waits fail other tests. Here nobody runs into a limit that is not the test's own.</summary>
    static readonly (string Key, string Value)[] Wide =
    [
        ("SoundStudio:MaxVideos", "10000"), ("SoundStudio:MaxVideosPerCaller", "10000"), ("SoundStudio:MaxRendersPerVideo", "1000"),
        ("SoundStudio:MaxRunningRenders", "1000"), ("SoundStudio:MaxRunningRendersPerCaller", "1000"),
        ("SoundAgent:MaxSessions", "10000"), ("SoundAgent:MaxSessionsPerCaller", "10000"),
        ("Jobs:MaxJobsPerCaller", "10000"), ("Jobs:PollInterval", "00:00:00.050"), ("Jobs:RetryDelay", "00:00:00.050"),
        ("Jobs:MaxAttempts", "2"),
    ];

    string Keys => folder.File("keys.json");

    /// <param name="settings">Of the services. They are told whether their callers are named.</param>
    public static async Task<CallersWorld> StartAsync(params (string Key, string Value)[] settings)
    {
        var world = new CallersWorld();
        KeysFile.Write(world.Keys, []);
        var key = world.Add("services", actsForCallers: true);
        foreach (var name in (string[])["studio", "agent", "jobs", "library"])
            Directory.CreateDirectory(world.folder.File(name));
        world.services = world.Services(key, settings);
        await world.services.StartAsync(TestContext.Current.CancellationToken);
        world.gateway = world.Gateway(world.services.Urls.First());
        await world.gateway.StartAsync(TestContext.Current.CancellationToken);
        return world;
    }

    /// <summary>Adds a key. The gateway knows it within a second or two.</summary>
    public ApiKey Add(string caller, bool actsForCallers = false, CallerLimits? limits = null)
    {
        var key = ApiKey.New();
        var entry = new KeyEntry
        {
            Id = key.Id,
            Caller = caller,
            Sha256 = Convert.ToHexStringLower(key.Hash()),
            Created = DateTimeOffset.UtcNow,
            Methods = ["*"],
            Limits = limits ?? new() { ConcurrentCalls = 0, CallsPerSecond = 0 },
            ActsForCallers = actsForCallers,
        };
        KeysFile.Write(Keys, [.. KeysFile.Read(Keys), entry]);
        return key;
    }

    public void Revoke(string caller) => KeysFile.Write(
        Keys, [.. KeysFile.Read(Keys).Select(entry => entry.Caller == caller ? entry with { Revoked = DateTimeOffset.UtcNow } : entry)]);

    /// <summary>Calls through the gateway as a new caller, when the gateway knows its key.</summary>
    public async Task<CallInvoker> ConnectAsync(string caller, CallerLimits? limits = null)
    {
        var key = Add(caller, limits: limits);
        var channel = GrpcChannel.ForAddress(address, new() { MaxReceiveMessageSize = MessageLimits.MessageBytes });
        channels.Add(channel);
        var calls = channel.CreateCallInvoker().WithKey(key);
        await Wait.UntilAsync(
            async () => await Record.ExceptionAsync(() => WatchedAsync(calls)) is null, "the gateway knows the key");
        return calls;

        // It needs a key, and no right. It counts as one call.
        static async Task WatchedAsync(CallInvoker calls)
        {
            using var watch = new Grpc.Health.V1.Health.HealthClient(calls).Watch(new(), deadline: DateTime.UtcNow + Wait.Patience);
            await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Calls the services without the gateway, in a caller's name.</summary>
    public CallInvoker Behind(string caller)
    {
        var channel = GrpcChannel.ForAddress(services!.Urls.First());
        channels.Add(channel);
        return channel.CreateCallInvoker().Intercept(headers =>
        {
            headers.Add(CallerHeader.Name, caller);
            return headers;
        });
    }

    public byte[] Clip()
    {
        using var clips = new ClipFolder();
        return File.ReadAllBytes(
            clips.Make("clip.mp4", "testsrc2=size=64x48:rate=25:duration=0.4", "-c:v", "libx264", "-g", "5"));
    }

    /// <summary>The id of a clip that a caller has uploaded.</summary>
    public static async Task<StudioVideo> UploadAsync(CallInvoker caller, byte[] clip, string key)
    {
        var studio = new V1.SoundStudio.SoundStudioClient(caller);
        var video = await studio.CreateVideoAsync(new() { IdempotencyKey = key, FileName = "clip.mp4", Bytes = clip.Length });
        using var call = studio.UploadVideo();
        await call.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId } });
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(clip) });
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    /// <summary>A job of one item, watched to its end.</summary>
    public static async Task<(Job Job, JobItemStatus Item)> MakeAsync(CallInvoker caller, string videoId, string key)
    {
        var jobs = new V1.Jobs.JobsClient(caller);
        using var call = jobs.Submit();
        await call.RequestStream.WriteAsync(new() { Start = new() { IdempotencyKey = key, Items = 1, Name = $"{key} name" } });
        await call.RequestStream.WriteAsync(
            new() { Item = new() { VideoId = videoId, Format = "wav", Options = new() { Prompt = "rain", Steps = 1 } } });
        await call.RequestStream.CompleteAsync();
        var job = new Job();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            job = answer.Job ?? job;
        JobItemStatus? item = null;
        using var watch = jobs.Watch(new() { JobId = job.JobId });
        await foreach (var happened in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            (item, job) = (happened.Item ?? item, happened.Job ?? job);
        return (job, item!);
    }

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        foreach (var app in (WebApplication?[])[gateway, services])
            if (app is not null)
            {
                await app.StopAsync();
                await app.DisposeAsync();
            }
        folder.Dispose();
        bundle.Dispose();
    }

    WebApplication Services(ApiKey key, (string Key, string Value)[] settings)
    {
        var builder = Builder(
        [
            ("Rewas:Listen", "http://127.0.0.1:0"), ("Rewas:Bundle", bundle.Bundle.Directory), ("Onnx:Threads", "1"),
            ("Rewas:Client:ApiKey", key.Text),
            ("SoundStudio:Stages", address.OriginalString), ("SoundAgent:Stages", address.OriginalString),
            ("Jobs:Stages", address.OriginalString),
            ("SoundStudio:Folder", folder.File("studio")), ("SoundAgent:Folder", folder.File("agent")),
            ("Store:Folder", folder.File("jobs")), ("SoundLibrary:Folder", folder.File("library")),
            .. Wide, .. settings,
        ]);
        builder.AddVideoEncoder().AddEnergyPredictor().AddAudioDiffusion().AddVocoder();
        builder.AddSoundStudio().AddSoundAgent().AddJobs().AddSoundLibrary();
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapVideoEncoder().MapEnergyPredictor().MapAudioDiffusion().MapVocoder();
        app.MapSoundStudio().MapSoundAgent().MapJobs().MapSoundLibrary();
        return app;
    }

    WebApplication Gateway(string servicesAddress)
    {
        var builder = Builder(
        [
            ("Rewas:Listen", address.OriginalString), ("Callers:KeysFile", Keys),
            .. StageNames.All.Concat(GatewayOptions.OptionalNames).Select(name => ($"Gateway:Stages:{name}:0", servicesAddress)),
        ]);
        builder.AddRewasGateway();
        var app = builder.Build();
        app.MapRewasDefaults();
        app.MapRewasGateway();
        return app;
    }

    static WebApplicationBuilder Builder((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        return builder;
    }
}
