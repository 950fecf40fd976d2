using System.Globalization;
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
    readonly RequestRetry retry;
    readonly RewasClientOptions options;
    readonly TimeSpan describeTimeout;

    /// <summary>Time in which calls that reached the deadline report it themselves.</summary>
    static readonly TimeSpan AfterDeadline = TimeSpan.FromSeconds(1);

    RewasClient(
        IReadOnlyList<GrpcChannel> channels,
        CallInvoker invoker,
        StageClients stages,
        RewasClientOptions options,
        TimeSpan describeTimeout) =>
        (this.channels, this.invoker, this.stages, this.options, this.describeTimeout, retry) =
            (channels, invoker, stages, options, describeTimeout, new(options));

    /// <summary>Connects to all stages at one address. The connection opens with the first call.</summary>
    /// <param name="address">http://HOST:PORT (HTTP/2 without TLS), https://HOST:PORT, dns:///HOST:PORT or unix:/PATH.</param>
    /// <exception cref="InputFault">The address has another form.</exception>
    public static RewasClient Connect(Uri address, RewasClientOptions? options = null) => Connect(GatewayAddresses.Of(address), options);

    /// <summary>Connects to a platform, through any of its gateways. Connections open with the first call.</summary>
    public static RewasClient Connect(GatewayAddresses addresses, RewasClientOptions? options = null)
    {
        options ??= new();
        var channel = StageChannel.Open(addresses, options);
        return Connect([channel], channel.CreateCallInvoker(), options, options.DescribeTimeoutOf(addresses));
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
            StageChannel.Open(GatewayAddresses.Of(addresses.VideoEncoder), options),
            StageChannel.Open(GatewayAddresses.Of(addresses.EnergyPredictor), options),
            StageChannel.Open(GatewayAddresses.Of(addresses.AudioDiffusion), options),
            StageChannel.Open(GatewayAddresses.Of(addresses.Vocoder), options),
        ];
        StageClients stages = new(new(channels[0]), new(channels[1]), new(channels[2]), new(channels[3]));
        var describeTimeout = options.DescribeTimeoutOf(GatewayAddresses.Of(addresses.VideoEncoder));
        return new(channels, channels[0].CreateCallInvoker(), stages, options, describeTimeout);
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
    public Task<IReadOnlyList<DescribeResponse>> DescribeAsync(CancellationToken cancellation = default)
    {
        var deadline = new RequestDeadline(describeTimeout);
        return retry.ExecuteAsync(
            deadline, () => DescribeAsync(stages.Describes.Count, deadline, cancellation, cancellation), told: null, cancellation);
    }

    /// <summary>
    /// Makes the sound of a video. The stages overlap, so sound arrives while the file is still being uploaded. Apart from the energy
    /// curve, memory use does not depend on the video's length. While a stage is unavailable, the request is repeated until its deadline.
    /// A sink gets each sample once.
    /// </summary>
    /// <exception cref="InputFault">The request is out of range, or the stages have loaded different bundles.</exception>
    /// <exception cref="StageFailure">The first stage that refused or failed. The others were stopped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<GenerateResult> GenerateAsync(
        GenerateRequest request, IProgress<GenerateProgress>? progress = null, CancellationToken cancellation = default)
    {
        request.ThrowIfInvalid();
        return await RunAsync(
            new(request.Video, request.Timeout, stages.Describes.Count, request.Energy, [request.Sink, .. request.FurtherSinks]),
            (pipeline, known) => known is not null
                ? pipeline.RenderAsync(known, request.ToSend(), request.Edits, request.Start)
                : pipeline.GenerateAsync(request.ToSend(), request.Edits, request.Start),
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
            new(request.Video, request.Timeout, StageCount: 2, Energy: null, Sinks: []) { Features = request.Features },
            (pipeline, known) =>
                known is not null && request.Features is null ? Task.FromResult(pipeline.Known(known)) : pipeline.PredictEnergyAsync(),
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

    /// <summary>Repeats the whole request until it succeeds, fails for good, or its deadline has come.</summary>
    async Task<GenerateResult> RunAsync(
        Asked asked,
        Func<SoundPipeline, KnownEnergy?, Task<GenerateResult>> pipeline,
        IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        using var trace = ClientTrace.Start("rewas.clip");
        var deadline = new RequestDeadline(asked.Timeout);
        // Deadlines of calls follow the machine's clock, which may be set back. This one does not.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(asked.Timeout + AfterDeadline);
        var state = new RequestState(
            deadline, [.. asked.Sinks.Select(sink => new DeliveredSound(sink, end.Token))], asked.Features, progress);
        try
        {
            return await retry.ExecuteAsync(
                deadline, () => AttemptAsync(asked, state, pipeline, progress, cancellation, end.Token), state.Repeats, cancellation);
        }
        catch (SinkFailure failure)
        {
            failure.Rethrow();
            throw;
        }
    }

    async Task<GenerateResult> AttemptAsync(
        Asked asked,
        RequestState state,
        Func<SoundPipeline, KnownEnergy?, Task<GenerateResult>> pipeline,
        IProgress<GenerateProgress>? progress,
        CancellationToken cancellation,
        CancellationToken end)
    {
        // :: Step 1: describe the stages. This finds one that is missing before anything is uploaded.
        var described = await DescribeAsync(asked.StageCount, state.Deadline, cancellation, end);

        // :: Step 2: look for the energy: given, predicted by an earlier attempt, or cached.
        var (given, kept) = (asked.Energy, state.Begin(described));
        var key = given is null or { CutsOfPicture: true } && options.EnergyCache is not null
            ? await EnergyCache.KeyAsync(asked.Video, described[0], cancellation)
            : null;
        var cached = key is null ? null : await options.EnergyCache!.FindAsync(key, cancellation);
        if (given is { CutsOfPicture: true } && cached is not null)
            given = given with { Descriptors = given.Descriptors with { Cuts = cached.Descriptors.Cuts } };

        // :: Step 3: run the stages.
        using var run = new PipelineRun(state.Deadline, cancellation, end);
        var result = await pipeline(new(stages, described, asked.Video, state, run, progress), given ?? kept ?? cached);
        if (key is not null && cached is null && given is null)
            await options.EnergyCache!.StoreAsync(
                key,
                new(Rewas.Sound.Curves.EnergyCurve.Of([.. result.PredictedEnergy]), result.Video) { Descriptors = result.Descriptors },
                cancellation);
        return result;
    }

    /// <param name="request">Deadline of the request that needs the description.</param>
    async Task<IReadOnlyList<DescribeResponse>> DescribeAsync(
        int stageCount, RequestDeadline request, CancellationToken cancellation, CancellationToken end)
    {
        using var run = new PipelineRun(request.Within(describeTimeout), cancellation, end);
        var calls = stages.Describes.Take(stageCount).Select(stage => DescribeAsync(stage.Stage, stage.Describe, run, request)).ToList();
        await run.AllAsync(calls);
        DescribeResponse[] described = [.. calls.Select(call => call.Result)];
        if (described.Select(stage => stage.BundleSha256).Distinct().Count() > 1)
            throw InputFault.Precondition(
                "bundle",
                "must be the same in all stages, but "
                    + string.Join(", ", described.Select(stage => $"{stage.Stage} has {stage.Bundle} ({stage.BundleSha256})")));
        return described;
    }

    async Task<DescribeResponse> DescribeAsync(
        string stage, Func<CallOptions, AsyncUnaryCall<DescribeResponse>> describe, PipelineRun run, RequestDeadline request)
    {
        var progress = run.Track(stage);
        try
        {
            var described = await describe(new(deadline: run.Deadline.ForCall, cancellationToken: run.Stop));
            progress.HasEnded = true;
            return described;
        }
        catch (RpcException e)
        {
            run.Stop.ThrowIfCancellationRequested();
            // A stage that does not describe itself is as good as unreachable, as long as there is time for another attempt.
            throw e.StatusCode is StatusCode.DeadlineExceeded && request.Left > options.MaximumRetryDelay
                ? new StageFailure(
                    stage,
                    StatusCode.Unavailable,
                    string.Create(CultureInfo.InvariantCulture, $"did not answer within {describeTimeout.TotalSeconds:0.###} s"),
                    e)
                : StageFailure.From(stage, e);
        }
    }

    /// <summary>What the attempts at one request have in common.</summary>
    /// <param name="StageCount">The number of stages that it needs, from the first on.</param>
    sealed record Asked(VideoSource Video, TimeSpan Timeout, int StageCount, KnownEnergy? Energy, IReadOnlyList<WaveSink> Sinks)
    {
        public Action<SegmentFeatures>? Features { get; init; }
    }
}
