using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Vocoder;

/// <summary>The gRPC edge of the fourth stage.</summary>
public sealed class VocoderService(
    Bundle bundle, MelToWaveform melToWaveform, IOptions<VocoderOptions> configured, ILogger<VocoderService> log)
    : V1.Vocoder.VocoderBase
{
    const string Stage = StageNames.Vocoder;

    readonly VocoderOptions options = configured.Value;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(bundle.Describe(
        Stage,
        melToWaveform.Accelerator,
        inputs: [StageDescription.Float32("mel", "Natural-log mel, 100 frames a second.", -1, ClipTiming.MelBins)],
        outputs: [StageDescription.Float32("wave", "Mono samples in [-1, 1], 16,000 a second.", -1)],
        limits:
        [
            StageDescription.Limit(nameof(options.MaxAudioDuration), options.MaxAudioDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxFramesPerMessage), options.MaxFramesPerMessage, "frames"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        ]));

    public override async Task Synthesize(
        IAsyncStreamReader<SynthesizeRequest> requestStream, IServerStreamWriter<SynthesizeResponse> responseStream,
        ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var clock = new StageClock(Stage, bundle);
        responseStream = responseStream.WithReadTimeout(options.ReadTimeout, nameof(options.ReadTimeout), cancellation);
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);

        // :: Step 1: read the options.
        var audioSamples = await incoming.MoveNextAsync() && incoming.Current.Options is { } given
            ? CheckedLength(given.AudioSamples)
            : throw InputFault.Invalid("options", "must be the first message");

        // :: Step 2: read the mel window by window, and send as much sound as the context allows.
        var synthesis = melToWaveform.Begin(audioSamples, clock, cancellation);
        var windows = 0;
        for (; await incoming.MoveNextAsync(); windows++)
            foreach (var (firstSample, samples) in synthesis.Add(CheckedMel(incoming.Current, windows, synthesis.Frames)))
                await responseStream.WriteAsync(Answer(firstSample, samples), cancellation);

        // :: Step 3: send the rest, which needs no further context.
        var needed = audioSamples == 0 ? 1 : (audioSamples + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples;
        if (synthesis.Frames < needed)
            throw InputFault.Invalid("mel", $"must have at least {needed} frames for {audioSamples} samples, but has {synthesis.Frames}");
        foreach (var (firstSample, samples) in synthesis.End())
            await responseStream.WriteAsync(Answer(firstSample, samples), cancellation);
        log.Finished(synthesis.Frames, clock.Elapsed.TotalSeconds);
        await responseStream.WriteAsync(new() { Summary = clock.Summary(windows) }, cancellation);
    }

    long CheckedLength(long audioSamples)
    {
        var longest = ClipTiming.SamplesIn(options.MaxAudioDuration);
        if (audioSamples < 0)
            throw InputFault.Invalid("audio_samples", $"must be from 0 to {longest}, but is {audioSamples}");
        return audioSamples <= longest
            ? audioSamples
            : throw InputFault.Exhausted("audio_samples", $"must be from 0 to {longest} (MaxAudioDuration), but is {audioSamples}");
    }

    HostTensor CheckedMel(SynthesizeRequest request, int expectedWindow, long framesBefore)
    {
        var part = request.Mel ?? throw InputFault.Invalid("mel", "must follow the options, but another message came");
        if (part.Window != expectedWindow)
            throw InputFault.Invalid("mel", $"windows must come in order: {expectedWindow} is next, but {part.Window} came");
        var mel = part.Mel.ToFloatTensor("mel", -1, ClipTiming.MelBins);
        if (mel.Shape[0] > options.MaxFramesPerMessage)
            throw InputFault.Invalid(
                "mel",
                $"must have at most {options.MaxFramesPerMessage} frames a message (MaxFramesPerMessage), but has {mel.Shape[0]}");

        var mostFrames = ClipTiming.SamplesIn(options.MaxAudioDuration) / ClipTiming.HopSamples + ClipTiming.MelFramesPerWindow;
        return framesBefore + mel.Shape[0] <= mostFrames
            ? mel
            : throw InputFault.Exhausted("mel", $"must have at most {mostFrames} frames in all (MaxAudioDuration), but has more");
    }

    static SynthesizeResponse Answer(long firstSample, Memory<float> samples) =>
        new() { Wave = new() { FirstSample = firstSample, Samples = HostTensor.Of(samples, samples.Length).ToMessage("wave") } };
}
