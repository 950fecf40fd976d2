using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Rewas.Clip;
using Rewas.Protocol;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Tests.Client;

/// <summary>
/// Four stages without networks. Each sample of their sound is the number of its window. Hooks are called before a stage answers a window;
/// they may wait or throw.
/// </summary>
sealed class StageDoubles
{
    public const int SegmentsPerWindow = 3;

    public int Windows { get; init; } = 3;

    /// <summary>The last window is shortened by 1000 samples.</summary>
    public long Samples => (long)Windows * ClipTiming.SamplesPerWindow - 1000;

    public string BundleSha256 { get; set; } = new('a', 64);

    public string VocoderBundleSha256 { get; set; } = new('a', 64);

    public Func<int, CancellationToken, Task> BeforeSegments { get; set; } = Nothing;

    public Func<int, CancellationToken, Task> BeforeEnergy { get; set; } = Nothing;

    public Func<int, CancellationToken, Task> BeforeMel { get; set; } = Nothing;

    public Func<int, CancellationToken, Task> BeforeWave { get; set; } = Nothing;

    /// <summary>The value of every sample of a window.</summary>
    public Func<int, float> WaveOf { get; set; } = window => window;

    public Func<string, Task> BeforeDescribe { get; set; } = _ => Task.CompletedTask;

    /// <summary>Stages whose call was cancelled.</summary>
    public ConcurrentDictionary<string, bool> Cancelled { get; } = new();

    public ConcurrentQueue<GenerateOptions> OptionsSeen { get; } = new();

    /// <summary>The energy of each window that the diffusion stage received.</summary>
    public ConcurrentQueue<float[]> EnergySeen { get; } = new();

    /// <summary>The metadata of every call.</summary>
    public ConcurrentQueue<Metadata> HeadersSeen { get; } = new();

    /// <summary>The time left until the deadline of each Describe call.</summary>
    public ConcurrentQueue<TimeSpan> TimesSeen { get; } = new();

    public long BytesUploaded;

    public int MelsSent;

    public int Calls;

    /// <summary>Sets the hook of one stage.</summary>
    public void Before(string stage, Func<int, Task> hook)
    {
        Func<int, CancellationToken, Task> before = (window, _) => hook(window);
        switch (stage)
        {
            case "VideoEncoder":
                BeforeSegments = before;
                break;
            case "EnergyPredictor":
                BeforeEnergy = before;
                break;
            case "AudioDiffusion":
                BeforeMel = before;
                break;
            default:
                BeforeWave = before;
                break;
        }
    }

    static Task Nothing(int window, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<DescribeResponse> DescribeAsync(ServerCallContext context, string stage)
    {
        HeadersSeen.Enqueue(context.RequestHeaders);
        TimesSeen.Enqueue(context.Deadline - DateTime.UtcNow);
        await BeforeDescribe(stage);
        return new() { Stage = stage, Bundle = "double", BundleSha256 = stage == "Vocoder" ? VocoderBundleSha256 : BundleSha256 };
    }

    public StageSummary Summary(string stage) => new()
    {
        Stage = stage,
        Elapsed = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
        NetworkElapsed = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
        BundleSha256 = stage == "Vocoder" ? VocoderBundleSha256 : BundleSha256,
        Windows = Windows,
    };

    public async Task WatchAsync(string stage, ServerCallContext context, Func<Task> call)
    {
        Interlocked.Increment(ref Calls);
        HeadersSeen.Enqueue(context.RequestHeaders);
        try
        {
            await call();
        }
        catch (Exception end) when (context.CancellationToken.IsCancellationRequested || end is IOException)
        {
            // A read may notice the reset before the call counts as cancelled.
            // Not by a callback on the token. In one process the call may end, and remove the callback, before its turn comes.
            Cancelled[stage] = true;
            throw;
        }
    }

    public static V1.Tensor Filled(string name, float value, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        values.AsSpan().Fill(value);
        return HostTensor.Of(values, shape).ToMessage(name);
    }
}

sealed class VideoEncoderDouble(StageDoubles doubles) : V1.VideoEncoder.VideoEncoderBase
{
    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        doubles.DescribeAsync(context, "VideoEncoder");

    public override Task Encode(
        IAsyncStreamReader<EncodeVideoRequest> requestStream,
        IServerStreamWriter<EncodeVideoResponse> responseStream,
        ServerCallContext context) =>
        doubles.WatchAsync("VideoEncoder", context, async () =>
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
                Interlocked.Add(ref doubles.BytesUploaded, request.Chunk.Length);
            await responseStream.WriteAsync(new()
            {
                Video = new()
                {
                    Duration = Duration.FromTimeSpan(TimeSpan.FromSeconds(doubles.Samples / 16_000.0)),
                    AudioSamples = doubles.Samples,
                    Windows = doubles.Windows,
                },
            });
            for (var window = 0; window < doubles.Windows; window++)
            {
                await doubles.BeforeSegments(window, context.CancellationToken);
                for (var segment = 0; segment < StageDoubles.SegmentsPerWindow; segment++)
                    await responseStream.WriteAsync(
                        new()
                        {
                            Segment = new()
                            {
                                Window = window,
                                Segment = segment,
                                Features = StageDoubles.Filled("features", window, 8, 4),
                            },
                        },
                        context.CancellationToken);
            }
            await responseStream.WriteAsync(new() { Summary = doubles.Summary("VideoEncoder") });
        });
}

sealed class EnergyPredictorDouble(StageDoubles doubles) : V1.EnergyPredictor.EnergyPredictorBase
{
    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        doubles.DescribeAsync(context, "EnergyPredictor");

    public override Task Predict(
        IAsyncStreamReader<PredictEnergyRequest> requestStream,
        IServerStreamWriter<EnergyResponse> responseStream,
        ServerCallContext context) =>
        doubles.WatchAsync("EnergyPredictor", context, async () =>
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (request.Segment.Segment < StageDoubles.SegmentsPerWindow - 1)
                    continue;
                var window = request.Segment.Window;
                await doubles.BeforeEnergy(window, context.CancellationToken);
                await responseStream.WriteAsync(
                    new() { Energy = new() { Window = window, Energy = StageDoubles.Filled("energy", -Math.Min(window, 11), 512) } });
            }
            await responseStream.WriteAsync(new() { Summary = doubles.Summary("EnergyPredictor") });
        });
}

sealed class AudioDiffusionDouble(StageDoubles doubles) : V1.AudioDiffusion.AudioDiffusionBase
{
    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        doubles.DescribeAsync(context, "AudioDiffusion");

    public override Task Generate(
        IAsyncStreamReader<V1.GenerateRequest> requestStream,
        IServerStreamWriter<GenerateResponse> responseStream,
        ServerCallContext context) =>
        doubles.WatchAsync("AudioDiffusion", context, async () =>
        {
            var candidates = 1;
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (request.Options is { } options)
                {
                    candidates = options.Candidates;
                    doubles.OptionsSeen.Enqueue(options);
                    await responseStream.WriteAsync(
                        new() { Sampler = new() { Name = "double", Control = "energy", Windows = doubles.Windows } });
                    await responseStream.WriteAsync(new() { Queue = new() });
                    continue;
                }
                var window = request.Energy.Window;
                doubles.EnergySeen.Enqueue(request.Energy.Energy.ToHostTensor("energy", 512).Floats.ToArray());
                await doubles.BeforeMel(window, context.CancellationToken);
                await responseStream.WriteAsync(new() { Step = new() { Window = window, Step = 1, Steps = 1, Elapsed = new() } });
                for (var candidate = 0; candidate < candidates; candidate++)
                    await responseStream.WriteAsync(
                        new() { Mel = new() { Window = window, Candidate = candidate, Mel = StageDoubles.Filled("mel", window, 512, 64) } },
                        context.CancellationToken);
                Interlocked.Increment(ref doubles.MelsSent);
            }
            await responseStream.WriteAsync(new() { Summary = doubles.Summary("AudioDiffusion") });
        });
}

sealed class VocoderDouble(StageDoubles doubles) : V1.Vocoder.VocoderBase
{
    const int Chunk = 16_384;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        doubles.DescribeAsync(context, "Vocoder");

    public override Task Synthesize(
        IAsyncStreamReader<SynthesizeRequest> requestStream,
        IServerStreamWriter<SynthesizeResponse> responseStream,
        ServerCallContext context) =>
        doubles.WatchAsync("Vocoder", context, async () =>
        {
            long all = 0, first = 0;
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (request.Options is { } options)
                {
                    all = options.AudioSamples;
                    continue;
                }
                var window = request.Mel.Window;
                await doubles.BeforeWave(window, context.CancellationToken);
                for (var end = Math.Min(all, (window + 1L) * ClipTiming.SamplesPerWindow); first < end;)
                {
                    var count = Math.Min(Chunk, end - first);
                    await responseStream.WriteAsync(
                        new() { Wave = new() { FirstSample = first, Samples = StageDoubles.Filled("wave", doubles.WaveOf(window), count) } });
                    first += count;
                }
            }
            await responseStream.WriteAsync(new() { Summary = doubles.Summary("Vocoder") });
        });
}
