using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Client;
using Rewas.EndToEnd.Tests.Callers;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Soak;

/// <summary>Requests of every kind, one after another: some succeed, some are wrong, some are given up in the middle.</summary>
sealed class SoakLoad : IDisposable
{
    /// <summary>Longest time of one request, on a machine that is busy.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly GrpcChannel channel;
    readonly RewasClient client;
    readonly string video, noVideo;
    readonly byte[] bytes;
    readonly (string Name, Func<int, CancellationToken, Task> Run)[] kinds;

    public SoakLoad(string gateway, ClipFolder clips)
    {
        channel = GrpcChannel.ForAddress(gateway);
        client = RewasClient.Connect(new Uri(gateway));
        video = clips.Make("soak.mp4", "testsrc2=size=64x48:rate=25:duration=2", "-c:v", "libx264", "-g", "5");
        bytes = File.ReadAllBytes(video);
        noVideo = clips.Path("noise.mp4");
        File.WriteAllBytes(noVideo, [.. bytes.Select(value => (byte)(value ^ 0x55))]);
        kinds =
        [
            ("clip", ClipAsync),
            ("energy", EnergyAsync),
            ("studio", StudioAsync),
            ("job", JobAsync),
            ("conversation", ConversationAsync),
            ("no video", NoVideoAsync),
            ("given up", GivenUpAsync),
            ("upload cut off", CutOffAsync),
            ("description", DescribeAsync),
        ];
    }

    /// <summary>Number of requests that ended as they should, by kind.</summary>
    public ConcurrentDictionary<string, int> Done { get; } = new();

    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>Makes requests until it is told to stop. The last ones end.</summary>
    public async Task RunAsync(int worker, int workers, CancellationToken stop)
    {
        for (var number = worker; !stop.IsCancellationRequested; number += workers)
        {
            var (name, run) = kinds[number % kinds.Length];
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await run(number, limit.Token);
                Done.AddOrUpdate(name, 1, (_, before) => before + 1);
            }
            catch (Exception failure)
            {
                Wrong.Enqueue($"{name} {number}: {failure.Message}");
            }
        }
    }

    public void Dispose()
    {
        client.Dispose();
        channel.Dispose();
    }

    async Task ClipAsync(int number, CancellationToken cancellation)
    {
        var samples = 0L;
        await client.GenerateAsync(Order(VideoSource.FromFile(video), number, count => samples += count), null, cancellation);
        Assert.Equal(2 * 16_000, samples);
    }

    async Task EnergyAsync(int number, CancellationToken cancellation)
    {
        var energy = await client.PredictEnergyAsync(
            new() { Video = VideoSource.FromFile(video), Timeout = Patience }, cancellation: cancellation);
        Assert.NotEmpty(energy.PredictedEnergy.ToArray());
    }

    async Task StudioAsync(int number, CancellationToken cancellation)
    {
        var uploaded = await CallersWorld.UploadAsync(client.Invoker, bytes, $"video {number}");
        var render = await client.Studio.StartRenderAsync(
            new()
            {
                IdempotencyKey = $"render {number}",
                VideoId = uploaded.VideoId,
                Options = new() { Prompt = "rain", Seed = (ulong)number, Steps = 2 },
            },
            cancellationToken: cancellation);
        using (var watch = client.Studio.WatchRender(new() { RenderId = render.RenderId }, cancellationToken: cancellation))
            await foreach (var happened in watch.ResponseStream.ReadAllAsync(cancellation))
                Assert.True(happened.End is null || happened.End.Candidates.Count == 1);
        using (var export = client.Studio.Export(new() { RenderId = render.RenderId, Format = "mp4" }, cancellationToken: cancellation))
            Assert.NotEmpty(await export.ResponseStream.ReadAllAsync(cancellation).ToListAsync(cancellation));
        await client.Studio.DeleteVideoAsync(new() { VideoId = uploaded.VideoId }, cancellationToken: cancellation);
    }

    async Task JobAsync(int number, CancellationToken cancellation)
    {
        var uploaded = await CallersWorld.UploadAsync(client.Invoker, bytes, $"job's video {number}");
        var (job, item) = await CallersWorld.MakeAsync(client.Invoker, uploaded.VideoId, $"job {number}");
        Assert.Equal((JobState.Succeeded, ""), (job.State, item.Error));
        using var result = client.Jobs.Result(new() { JobId = job.JobId, Item = 0 }, cancellationToken: cancellation);
        Assert.NotEmpty(await result.ResponseStream.ReadAllAsync(cancellation).ToListAsync(cancellation));
        await client.Studio.DeleteVideoAsync(new() { VideoId = uploaded.VideoId }, cancellationToken: cancellation);
    }

    async Task ConversationAsync(int number, CancellationToken cancellation)
    {
        await using var conversation = new AgentConversation(client.Agent, Patience);
        await conversation.SendAsync(VideoSource.FromFile(video), cancellation);
        var ended = "";
        var words = number % 2 == 0 ? "What do you see?" : "add the sound of rain";
        await foreach (var happened in conversation.SayAsync(words, cancellation))
            ended = happened.TurnEnded.Length > 0 ? happened.TurnEnded : ended;
        Assert.Equal("embedded", ended);
    }

    async Task NoVideoAsync(int number, CancellationToken cancellation)
    {
        var refused = await Assert.ThrowsAsync<StageFailure>(
            () => client.GenerateAsync(Order(VideoSource.FromFile(noVideo), number, _ => { }), null, cancellation));
        Assert.Equal(StatusCode.InvalidArgument, refused.Status);
    }

    /// <summary>Gives up as soon as the stages are at work.</summary>
    async Task GivenUpAsync(int number, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var order = Order(VideoSource.FromFile(video), number, _ => { }) with
        {
            Options = new() { Prompt = "rain", Seed = (ulong)number, Steps = 200 },
        };
        var given = await Record.ExceptionAsync(
            () => client.GenerateAsync(order, new Immediate(_ => giveUp.Cancel()), giveUp.Token));
        Assert.True(given is OperationCanceledException or StageFailure { Status: StatusCode.Cancelled }, $"{given}");
    }

    /// <summary>Begins an upload and lets its call go.</summary>
    async Task CutOffAsync(int number, CancellationToken cancellation)
    {
        using var call = new V1.VideoEncoder.VideoEncoderClient(channel).Encode(cancellationToken: cancellation);
        await call.RequestStream.WriteAsync(new() { Options = new() }, cancellation);
        await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes, 0, bytes.Length / 2) }, cancellation);
    }

    async Task DescribeAsync(int number, CancellationToken cancellation) =>
        Assert.Equal(4, (await client.DescribeAsync(cancellation)).Count);

    static Client.GenerateRequest Order(VideoSource video, int number, Action<int> heard) => new()
    {
        Video = video,
        Options = new() { Prompt = "rain", Seed = (ulong)number, Steps = 2 },
        Timeout = Patience,
        Sink = (samples, _) =>
        {
            heard(samples.Length);
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>Tells progress at once, on the thread that reports it.</summary>
    sealed class Immediate(Action<GenerateProgress> told) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value) => told(value);
    }
}
