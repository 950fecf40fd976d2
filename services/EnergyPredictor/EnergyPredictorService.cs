using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.EnergyPredictor;

/// <summary>The gRPC edge of the second stage.</summary>
public sealed class EnergyPredictorService(
    Bundle bundle, FeaturesToEnergy featuresToEnergy, SoundToEnergy soundToEnergy, RecordingPlaces places,
    IOptions<EnergyPredictorOptions> configured, ILogger<EnergyPredictorService> log)
    : V1.EnergyPredictor.EnergyPredictorBase
{
    const string Stage = StageNames.EnergyPredictor;

    readonly EnergyPredictorOptions options = configured.Value;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(bundle.Describe(
        Stage,
        featuresToEnergy.Accelerator,
        inputs:
        [
            StageDescription.Float32(
                "features", "Tokens of one segment, one for each 2 frames.", ClipTiming.TokensPerSegment, featuresToEnergy.Channels),
        ],
        outputs:
        [
            StageDescription.Float32("energy", "Mean natural-log mel of each frame, 100 frames a second.", ClipTiming.MelFramesPerWindow),
            .. featuresToEnergy.TellsOnsets
                ? [StageDescription.Float32("onsets", "1 where the sound is to set in.", ClipTiming.MelFramesPerWindow)]
                : Array.Empty<TensorSpec>(),
            .. featuresToEnergy.TellsTexture
                ? [StageDescription.Float32(
                    "texture", "Spectral texture of each frame, 0 to 1.", ClipTiming.MelFramesPerWindow, SpectralTexture.Descriptors)]
                : Array.Empty<TensorSpec>(),
        ],
        limits:
        [
            StageDescription.Limit(nameof(options.MaxWindows), options.MaxWindows, "windows"),
            StageDescription.Limit(nameof(options.MaxRecordingBytes), options.MaxRecordingBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxRecordingDuration), options.MaxRecordingDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxConcurrentRecordings), options.MaxConcurrentRecordings, "requests"),
            StageDescription.Limit(nameof(options.MinUploadBytesPerSecond), options.MinUploadBytesPerSecond, "bytes/s"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        ]));

    public override async Task Predict(
        IAsyncStreamReader<PredictEnergyRequest> requestStream, IServerStreamWriter<EnergyResponse> responseStream,
        ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var clock = new StageClock(Stage, bundle);
        responseStream = responseStream.WithReadTimeout(options.ReadTimeout, nameof(options.ReadTimeout), cancellation);
        var gathering = new WindowTokens(bundle.Manifest.Timing, featuresToEnergy.Channels);
        await foreach (var request in requestStream.WithIdleTimeout(options.IdleTimeout, cancellation))
        {
            var segment = request.Segment ?? throw InputFault.Invalid("segment", "must be given, but is absent");
            var features = segment.Features.ToFloatTensor("features", ClipTiming.TokensPerSegment, featuresToEnergy.Channels);
            if (gathering.Window >= options.MaxWindows)
                throw InputFault.Exhausted(
                    "segment", $"at most {options.MaxWindows} windows are accepted (MaxWindows), but window {gathering.Window} came");
            var cuts = CheckedCuts(segment);
            if (gathering.Add(segment.Window, segment.Segment, features.Floats.Span) is { } tokens)
            {
                var control = featuresToEnergy.Predict(tokens, clock, cancellation) with { Cuts = cuts };
                await responseStream.WriteAsync(new() { Energy = control.ToMessage(segment.Window) }, cancellation);
            }
            else if (cuts.Length > 0)
                throw InputFault.Invalid("cuts", "must come with the last segment of their window");
        }
        if (gathering.Segments > 0 || gathering.Window == 0)
        {
            var expected = bundle.Manifest.Timing.SegmentsPerWindow;
            throw InputFault.Invalid(
                "segment",
                $"window {gathering.Window} must have {expected} segments, but the stream ended after {gathering.Segments}");
        }
        await responseStream.WriteAsync(Done(clock, gathering.Window), cancellation);
    }

    public override async Task Measure(
        IAsyncStreamReader<MeasureEnergyRequest> requestStream, IServerStreamWriter<EnergyResponse> responseStream,
        ServerCallContext context)
    {
        var (cancellation, caller) = (context.CancellationToken, context.Caller());
        var clock = new StageClock(Stage, bundle);
        responseStream = responseStream.WithReadTimeout(options.ReadTimeout, nameof(options.ReadTimeout), cancellation);

        // :: Step 1: store the upload.
        using var admitted = places.Admit(caller);
        await using var chunks = requestStream.WithIdleTimeout(options.UploadIdleTimeout, cancellation)
            .Select(request => request.Chunk).GetAsyncEnumerator(cancellation);
        var rate = new UploadRate(options.MinUploadBytesPerSecond, nameof(options.MinUploadBytesPerSecond), options.UploadIdleTimeout);
        await using var upload = new UploadStream(chunks, "recording", options.MaxRecordingBytes, rate);
        using var stored = await SpooledUpload.ReceiveAsync(upload, places.Bytes(caller), options.TemporaryFolder, cancellation);

        // :: Step 2: the recording is there. Wait for a place, and measure it.
        var measured = await MeasuredAsync(stored.Path, caller, cancellation);

        // :: Step 3: the place is free again, however slowly the caller reads.
        foreach (var (window, energy) in measured.Index())
            await responseStream.WriteAsync(new() { Energy = new WindowControl(energy).ToMessage(window) }, cancellation);
        await responseStream.WriteAsync(Done(clock, measured.Count), cancellation);
    }

    /// <summary>Energy of each window of a stored recording, [512].</summary>
    async Task<IReadOnlyList<float[]>> MeasuredAsync(string path, string caller, CancellationToken cancellation)
    {
        using var place = await places.EnterAsync(caller, cancellation);
        var limits = new WavLimits { MaxBytes = options.MaxRecordingBytes, MaxDuration = options.MaxRecordingDuration };
        await using var file = File.OpenRead(path);
        var samples = await SoundToEnergy.ReadAsync(file, limits, cancellation);
        var windows = new List<float[]>();
        foreach (var energy in soundToEnergy.Windows(samples))
        {
            cancellation.ThrowIfCancellationRequested();
            windows.Add(energy);
        }
        return windows;
    }

    /// <summary>Converts picture frames to mel frames.</summary>
    static int[] CheckedCuts(SegmentFeatures segment)
    {
        for (var i = 0; i < segment.Cuts.Count; i++)
            if (segment.Cuts[i] < (i == 0 ? 0 : segment.Cuts[i - 1] + 1) || segment.Cuts[i] >= ClipTiming.FramesPerWindow)
                throw InputFault.Invalid("cuts", $"must ascend from 0 to {ClipTiming.FramesPerWindow - 1}, but {segment.Cuts[i]} came");
        return [.. segment.Cuts.Select(frame => frame * ClipTiming.MelFramesPerFrame)];
    }

    EnergyResponse Done(StageClock clock, int windows)
    {
        log.Finished(windows, clock.Elapsed.TotalSeconds);
        return new() { Summary = clock.Summary(windows) };
    }
}
