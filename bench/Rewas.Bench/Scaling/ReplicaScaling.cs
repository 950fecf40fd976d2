using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.AudioDiffusion;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Gateway;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Bench.Scaling;

/// <summary>
/// Replicas of AudioDiffusion behind a real gateway. Each has its real queue, loop, samplers and texts. Its denoiser takes a known time per
/// step and predicts no noise. So scaling can be measured on a machine that could not compute for all replicas.
/// </summary>
sealed class ReplicaScaling : IAsyncDisposable
{
    /// <summary>Room for one latent with guidance, so a replica samples one request at a time.</summary>
    const int MaxRows = 3;

    readonly List<WebApplication> hosts;                                     // the first owns the networks and is disposed of last
    readonly GrpcChannel channel;

    ReplicaScaling(List<WebApplication> hosts, Uri gateway) =>
        (this.hosts, channel) = (
            hosts,
            GrpcChannel.ForAddress(
                gateway,
                new() { DisposeHttpClient = true, HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } }));

    /// <param name="bundle">Used for texts, controls and mels.</param>
    /// <param name="stepTime">The time of one denoiser step.</param>
    public static async Task<ReplicaScaling> StartAsync(Bundle bundle, int replicas, TimeSpan stepTime)
    {
        var hosts = new List<WebApplication>();
        EnergyToMel? networks = null;                                        // loaded once for all replicas; calls share no state
        for (var i = 0; i < replicas; i++)
        {
            var builder = Builder();
            builder.Services.AddSingleton(bundle);
            if (networks is not null)
                builder.Services.AddSingleton(networks);
            builder.Configuration["Onnx:Threads"] = "1";
            builder.Configuration["AudioDiffusion:MaxBatchRows"] = $"{MaxRows}";
            builder.Configuration["AudioDiffusion:QueueCapacity"] = "1000";
            builder.AddAudioDiffusion();
            builder.Services.AddSingleton(
                services => new SamplingLoop(services.GetRequiredService<DiffusionQueue>(), MaxRows, (works, _) => Step(works, stepTime)));
            var host = builder.Build();
            host.MapRewasDefaults();
            host.MapAudioDiffusion();
            await host.StartAsync();
            networks ??= host.Services.GetRequiredService<EnergyToMel>();
            hosts.Add(host);
        }
        var front = Builder();
        foreach (var stage in StageNames.All)
            for (var i = 0; i < replicas; i++)
                front.Configuration[$"Gateway:Stages:{stage}:{i}"] = hosts[i].Urls.First();
        front.AddRewasGateway();
        var gateway = front.Build();
        gateway.MapRewasDefaults();
        gateway.MapRewasGateway();
        await gateway.StartAsync();
        hosts.Add(gateway);
        return new(hosts, new(gateway.Urls.First()));
    }

    /// <summary>Runs this many callers at a time, each with one request after another, until all requests are done.</summary>
    /// <param name="requests">The total number of requests, of one window each.</param>
    /// <param name="isBatch">Whether the request of this number has batch priority.</param>
    public async Task<ScalingRun> RunAsync(int callers, int requests, int steps, Func<int, bool> isBatch)
    {
        var (next, waits, start) = (0, new ConcurrentBag<(bool Batch, TimeSpan Wait)>(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= requests)
                waits.Add((isBatch(number), await GenerateAsync(number, steps, isBatch(number))));
        })));
        return new(requests, Stopwatch.GetElapsedTime(start), [.. waits]);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        foreach (var host in Enumerable.Reverse(hosts))
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }
    }

    /// <returns>Time from the call to its first step.</returns>
    async Task<TimeSpan> GenerateAsync(int seed, int steps, bool batch)
    {
        var start = Stopwatch.GetTimestamp();
        using var call = new V1.AudioDiffusion.AudioDiffusionClient(channel).Generate();
        await call.RequestStream.WriteAsync(new()
        {
            Options = new()
            {
                Prompt = "rain",
                Seed = (ulong)seed,
                Steps = steps,
                Frames = ClipTiming.MelFramesPerWindow,
                Priority = batch ? Priority.Batch : Priority.Interactive,
            },
        });
        await call.RequestStream.WriteAsync(
            new() { Energy = new WindowControl(new float[ClipTiming.MelFramesPerWindow]).ToMessage(window: 0) });
        await call.RequestStream.CompleteAsync();
        var (wait, mels) = (TimeSpan.Zero, 0);
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            if (answer.Step is { Step: 1 })
                wait = Stopwatch.GetElapsedTime(start);
            mels += answer.Mel is null ? 0 : 1;
        }
        return mels == 1 ? wait : throw new InvalidOperationException($"{mels} mels came of one window");
    }

    static void Step(List<SamplingWork> works, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var work in works)
            work.Sampler.Accept(new float[work.Sampler.Rows * work.Sampler.Latent.Length]);
        var left = time - Stopwatch.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
            Thread.Sleep(left);
    }

    static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();
        return builder;
    }
}

/// <param name="Requests">The number of finished requests.</param>
/// <param name="Elapsed">The time they took together.</param>
/// <param name="Waits">Time of each request from the call to its first step.</param>
sealed record ScalingRun(int Requests, TimeSpan Elapsed, IReadOnlyList<(bool Batch, TimeSpan Wait)> Waits)
{
    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>95th percentile of the waits, of batch requests or of the others.</summary>
    public TimeSpan LongestUsualWait(bool batch)
    {
        var waits = Waits.Where(wait => wait.Batch == batch).Select(wait => wait.Wait).Order().ToList();
        return waits.Count == 0 ? TimeSpan.Zero : waits[(int)(0.95 * (waits.Count - 1))];
    }
}

/// <summary>Records the metric that AudioDiffusion is scaled by.</summary>
sealed class QueueLengthWatch : IDisposable
{
    readonly MeterListener listener = new();
    readonly object gate = new();
    readonly List<int> values = [];

    public QueueLengthWatch()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument is { Name: "rewas.diffusion.queue.length", Meter.Name: RewasTelemetry.Name })
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) =>
        {
            lock (gate)
                values.Add(value);
        });
        listener.Start();
    }

    public (int Most, int Last) Read()
    {
        lock (gate)
            return values.Count == 0 ? (0, 0) : (values.Max(), values[^1]);
    }

    public void Dispose() => listener.Dispose();
}
