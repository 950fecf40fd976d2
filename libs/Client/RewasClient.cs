using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// The client of the platform: of a gateway, of a process that hosts all stages, or of stages at separate addresses. It is thread-safe;
/// make one and keep it.
/// </summary>
public sealed class RewasClient : IDisposable
{
    readonly IReadOnlyList<GrpcChannel> channels;
    readonly CallInvoker invoker;
    readonly StageClients stages;
    readonly SafeRetry retry;
    readonly RewasClientOptions options;
    readonly TimeSpan describeTimeout;

    RewasClient(
        IReadOnlyList<GrpcChannel> channels,
        CallInvoker invoker,
        StageClients stages,
        RewasClientOptions options,
        TimeSpan describeTimeout) =>
        (this.channels, this.invoker, this.stages, this.options, this.describeTimeout, retry) =
            (channels, invoker, stages, options, describeTimeout, new(options));

    /// <summary>Connects to all stages at one address. The connection opens with the first call.</summary>
    /// <param name="address">http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT or unix:/PATH.</param>
    /// <exception cref="InputFault">The address has another form.</exception>
    public static RewasClient Connect(Uri address, RewasClientOptions? options = null)
    {
        options ??= new();
        var channel = StageChannel.Open(address, options);
        return Connect([channel], channel.CreateCallInvoker(), options, options.DescribeTimeoutOf(address));
    }

    /// <summary>Connects to all stages through an invoker, for stages in the caller's own process.</summary>
    /// <param name="invoker">The client does not dispose it.</param>
    public static RewasClient Connect(CallInvoker invoker, RewasClientOptions? options = null)
    {
        options ??= new();
        return Connect([], invoker, options, options.DescribeTimeout ?? RewasClientOptions.LocalDescribeTimeout);
    }

    /// <summary>Connects to each stage at its own address.</summary>
    /// <exception cref="InputFault">An address has a form that <see cref="Connect(Uri, RewasClientOptions)"/> does not accept.</exception>
    public static RewasClient Connect(StageAddresses addresses, RewasClientOptions? options = null)
    {
        options ??= new();
        GrpcChannel[] channels =
        [
            StageChannel.Open(addresses.VideoEncoder, options),
            StageChannel.Open(addresses.EnergyPredictor, options),
            StageChannel.Open(addresses.AudioDiffusion, options),
            StageChannel.Open(addresses.Vocoder, options),
        ];
        StageClients stages = new(new(channels[0]), new(channels[1]), new(channels[2]), new(channels[3]));
        return new(channels, channels[0].CreateCallInvoker(), stages, options, options.DescribeTimeoutOf(addresses.VideoEncoder));
    }

    /// <summary>
    /// The agent at the same address: conversations about a video, captions and conflict checks (protos/rewas/v1/sound_agent.proto).
    /// </summary>
    public SoundAgent.SoundAgentClient Agent => new(invoker);

    /// <summary>The studio at the same address: uploads, edits and renders (protos/rewas/v1/sound_studio.proto).</summary>
    public SoundStudio.SoundStudioClient Studio => new(invoker);

    /// <summary>Durable jobs at the same address (protos/rewas/v1/jobs.proto).</summary>
    public Jobs.JobsClient Jobs => new(invoker);

    /// <summary>The library of recordings at the same address (protos/rewas/v1/sound_library.proto).</summary>
    public SoundLibrary.SoundLibraryClient Library => new(invoker);

    /// <summary>Calls other services at the same address, such as health.</summary>
    public CallInvoker Invoker => invoker;

    /// <summary>The description and limits of each stage, in pipeline order.</summary>
    /// <exception cref="StageFailure">A stage cannot be reached.</exception>
    public Task<IReadOnlyList<DescribeResponse>> DescribeAsync(CancellationToken cancellation = default) =>
        DescribeAsync(stages.Describes.Count, DateTime.UtcNow + describeTimeout, cancellation);

    /// <summary>
    /// Makes the sound of a video. The stages overlap, so sound arrives while the file is still being uploaded. Apart from the energy
    /// curve, memory use does not depend on the video's length.
    /// </summary>
    /// <exception cref="InputFault">The request is out of range, or the stages have loaded different bundles.</exception>
    /// <exception cref="StageFailure">The first stage that refused or failed. The others were stopped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<GenerateResult> GenerateAsync(
        GenerateRequest request, IProgress<GenerateProgress>? progress = null, CancellationToken cancellation = default)
    {
        request.ThrowIfInvalid();
        var asked = request.ToSend();
        return await RunAsync(
            request.Video,
            request.Timeout,
            stages.Describes.Count,
            request.Energy,
            (pipeline, known) => known is not null
                ? pipeline.RenderAsync(known, asked, request.Edits, [request.Sink, .. request.FurtherSinks])
                : pipeline.GenerateAsync(asked, request.Edits, [request.Sink, .. request.FurtherSinks]),
            progress,
            cancellation);
    }

    /// <summary>Predicts the energy of a video from its picture, with the first two stages alone.</summary>
    /// <exception cref="InputFault">The request is out of range, or the stages have loaded different bundles.</exception>
    /// <exception cref="StageFailure">The first stage that refused or failed. The other was stopped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<GenerateResult> PredictEnergyAsync(
        EnergyRequest request, IProgress<GenerateProgress>? progress = null, CancellationToken cancellation = default)
    {
        request.ThrowIfInvalid();
        return await RunAsync(
            request.Video,
            request.Timeout,
            stageCount: 2,
            given: null,
            (pipeline, known) =>
                known is not null && request.Features is null
                    ? Task.FromResult(pipeline.Known(known))
                    : pipeline.PredictEnergyAsync(request.Features),
            progress,
            cancellation);
    }

    public void Dispose()
    {
        foreach (var channel in channels)
            channel.Dispose();
    }

    static RewasClient Connect(
        IReadOnlyList<GrpcChannel> channels, CallInvoker invoker, RewasClientOptions options, TimeSpan describeTimeout) =>
        new(channels, invoker, new(new(invoker), new(invoker), new(invoker), new(invoker)), options, describeTimeout);

    async Task<GenerateResult> RunAsync(
        VideoSource video,
        TimeSpan timeout,
        int stageCount,
        KnownEnergy? given,
        Func<SoundPipeline, KnownEnergy?, Task<GenerateResult>> pipeline,
        IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        using var trace = ClientTrace.Start("rewas.clip");
        var deadline = DateTime.UtcNow + timeout;
        // Finds an unreachable stage before anything is uploaded.
        var untilDescribed = DateTime.UtcNow + describeTimeout;
        var described = await DescribeAsync(stageCount, untilDescribed < deadline ? untilDescribed : deadline, cancellation);
        var key = given is null or { CutsOfPicture: true } && options.EnergyCache is not null
            ? await EnergyCache.KeyAsync(video, described[0], cancellation)
            : null;
        var cached = key is null ? null : await options.EnergyCache!.FindAsync(key, cancellation);
        if (given is { CutsOfPicture: true } && cached is not null)
            given = given with { Descriptors = given.Descriptors with { Cuts = cached.Descriptors.Cuts } };
        using var run = new PipelineRun(deadline, retry, cancellation);
        var result = await pipeline(new(stages, described, video, run, progress), given ?? cached);
        if (key is not null && cached is null && given is null)
            await options.EnergyCache!.StoreAsync(
                key,
                new(Rewas.Sound.Curves.EnergyCurve.Of([.. result.PredictedEnergy]), result.Video) { Descriptors = result.Descriptors },
                cancellation);
        return result;
    }

    async Task<IReadOnlyList<DescribeResponse>> DescribeAsync(int stageCount, DateTime deadline, CancellationToken cancellation)
    {
        using var run = new PipelineRun(deadline, retry, cancellation);
        var calls = stages.Describes.Take(stageCount).Select(stage => DescribeAsync(stage.Stage, stage.Describe, run)).ToList();
        await run.AllAsync(calls);
        DescribeResponse[] described = [.. calls.Select(call => call.Result)];
        if (described.Select(stage => stage.BundleSha256).Distinct().Count() > 1)
            throw InputFault.Precondition(
                "bundle",
                "must be the same in all stages, but "
                    + string.Join(", ", described.Select(stage => $"{stage.Stage} has {stage.Bundle} ({stage.BundleSha256})")));
        return described;
    }

    static Task<DescribeResponse> DescribeAsync(
        string stage, Func<CallOptions, AsyncUnaryCall<DescribeResponse>> describe, PipelineRun run) =>
        run.Retry.ExecuteAsync(
            run.Deadline,
            new(),
            async stop =>
            {
                try
                {
                    return await describe(new(deadline: run.Deadline, cancellationToken: stop));
                }
                catch (RpcException e)
                {
                    stop.ThrowIfCancellationRequested();
                    throw StageFailure.From(stage, e);
                }
            },
            run.Stop);
}
