using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Hosting.Access;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>What services do for a caller uses up that caller's quota, whoever calls the stages in the end.</summary>
public sealed class CountedWorkTests
{
    const string Said = "may be made in 24 hours (CallsPerDay)";

    [Fact]
    public async Task A_render_of_the_studio_counts_as_the_callers()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:TrustCallerHeader", "true"));
        // One call is made when the world waits for the key.
        var carol = await world.ConnectAsync("carol", new() { CallsPerDay = 1 + 5 });
        await RenderIsRefusedAsync(carol, world.Clip());
    }

    [Fact]
    public async Task A_job_counts_as_the_callers_and_waits_for_its_next_day()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:TrustCallerHeader", "true"));
        var carol = await world.ConnectAsync("carol", new() { CallsPerDay = 1 + 6 });
        var video = await CallersWorld.UploadAsync(carol, world.Clip(), "video");
        var jobs = new V1.Jobs.JobsClient(carol);
        using var call = jobs.Submit();
        await call.RequestStream.WriteAsync(new() { Start = new() { IdempotencyKey = "job", Items = 1 } });
        await call.RequestStream.WriteAsync(
            new() { Item = new() { VideoId = video.VideoId, Format = "wav", Options = new() { Prompt = "rain", Steps = 1 } } });
        await call.RequestStream.CompleteAsync();
        var job = "";
        await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            job = answer.Job?.JobId ?? job;

        // One call more. It is refused, or it tells that the job's own calls are.
        var told = await Record.ExceptionAsync(async () =>
        {
            using var watch = jobs.Watch(new() { JobId = job });
            await foreach (var happened in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
                if (happened.Item is { Error.Length: > 0 } item)
                    throw new RpcException(new(StatusCode.ResourceExhausted, item.Error));
        });
        Assert.Contains(Said, Assert.IsType<RpcException>(told).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_is_not_one_call()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:TrustCallerHeader", "true"));
        var carol = await world.ConnectAsync("carol", new() { CallsPerDay = 1 + 3 });
        using var chat = new DuplexCall<ChatRequest, ChatEvent>(new V1.SoundAgent.SoundAgentClient(carol).Chat());
        await chat.TryWriteAsync(new() { Session = "" });
        await chat.TryWriteAsync(new() { Video = "clip.mp4" });
        await chat.TryWriteAsync(new() { Chunk = ByteString.CopyFrom(world.Clip()) });
        await chat.TryWriteAsync(new() { VideoEnd = true });
        await chat.TryWriteAsync(new() { Text = "add the sound of a hammer striking metal" });
        await chat.TryCompleteAsync();
        await Record.ExceptionAsync(async () =>
        {
            while (await chat.MoveNextAsync(TestContext.Current.CancellationToken))
                continue;
        });

        await new V1.Jobs.JobsClient(carol).ListAsync(new()).ResponseAsync.Fails(StatusCode.ResourceExhausted, Said);
    }

    [Fact]
    public async Task A_job_of_a_caller_whose_key_is_revoked_ends()
    {
        await using var world = await CallersWorld.StartAsync(("Rewas:TrustCallerHeader", "true"));
        var carol = await world.ConnectAsync("carol");
        var video = await CallersWorld.UploadAsync(carol, world.Clip(), "video");
        using var call = new V1.Jobs.JobsClient(carol).Submit();
        await call.RequestStream.WriteAsync(new() { Start = new() { IdempotencyKey = "job", Items = 1 } });
        await call.RequestStream.WriteAsync(new()
        {
            Item = new() { VideoId = video.VideoId, Format = "wav", Options = new() { Prompt = "rain", Steps = 1000, Candidates = 8 } },
        });
        await call.RequestStream.CompleteAsync();
        var job = "";
        await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            job = answer.Job?.JobId ?? job;

        world.Revoke("carol");

        // Her key opens nothing any more, so the service itself is asked.
        JobItemStatus? item = null;
        using var watch = new V1.Jobs.JobsClient(world.Behind("carol")).Watch(new() { JobId = job });
        await foreach (var happened in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            item = happened.Item ?? item;
        Assert.Equal(ItemState.Failed, item!.State);
    }

    [Fact]
    public async Task In_one_process_too()
    {
        using var bundle = new TinyBundle();
        using var folder = new TemporaryFolder();
        using var clips = new ClipFolder();
        var key = ApiKey.New();
        KeysFile.Write(
            folder.File("keys.json"),
            [
                new()
                {
                    Id = key.Id,
                    Caller = "carol",
                    Sha256 = Convert.ToHexStringLower(key.Hash()),
                    Created = DateTimeOffset.UtcNow,
                    Methods = ["*"],
                    Limits = new() { CallsPerDay = 5 },
                },
            ]);
        await using var app = AllInOne.Build("http://127.0.0.1:0", bundle.Bundle, quiet: false,
        [
            "--Logging:LogLevel:Default=None", "--Onnx:Threads=1", $"--Callers:KeysFile={folder.File("keys.json")}",
            $"--SoundStudio:Folder={folder.Path}", $"--Store:Folder={folder.File("jobs")}",
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal)));

        await RenderIsRefusedAsync(
            channel.CreateCallInvoker().WithKey(key),
            await File.ReadAllBytesAsync(
                clips.Make("clip.mp4", "testsrc2=size=64x48:rate=25:duration=0.4", "-c:v", "libx264", "-g", "5"),
                TestContext.Current.CancellationToken));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Three calls of the caller, and eight of the studio, where five are allowed.</summary>
    static async Task RenderIsRefusedAsync(CallInvoker carol, byte[] clip)
    {
        var studio = new V1.SoundStudio.SoundStudioClient(carol);
        var video = await CallersWorld.UploadAsync(carol, clip, "video");
        var render = await studio.StartRenderAsync(
            new() { IdempotencyKey = "render", VideoId = video.VideoId, Options = new() { Prompt = "rain", Steps = 1 } });

        // One call more. It is refused, or it tells that the render's own calls are.
        var told = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var watch = studio.WatchRender(new() { RenderId = render.RenderId });
            await foreach (var happened in watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
                continue;
        });
        Assert.Contains(Said, told.Status.Detail, StringComparison.Ordinal);
    }
}
