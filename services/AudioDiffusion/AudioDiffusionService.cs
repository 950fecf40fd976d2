using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Faults;
using Rewas.Hosting;
using Rewas.Networks;
using Rewas.Protocol;
using Rewas.V1;
using ClipTiming = Rewas.Networks.ClipTiming;

namespace Rewas.AudioDiffusion;

/// <summary>The gRPC edge of the third stage.</summary>
public sealed class AudioDiffusionService(
    Bundle bundle, EnergyToMel energyToMel, DiffusionQueue queue, IOptions<AudioDiffusionOptions> configured, ILogger<AudioDiffusionService> log)
    : V1.AudioDiffusion.AudioDiffusionBase
{
    const string Stage = "AudioDiffusion";

    /// <summary>Energy beyond this range is none: silence is -11.5, a waveform in [-1, 1] stays below 2.</summary>
    const double QuietestEnergy = -12, LoudestEnergy = 5;

    readonly AudioDiffusionOptions options = configured.Value;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(bundle.Describe(
        Stage,
        energyToMel.Accelerator,
        inputs: [StageDescription.Float32("energy", "Mean natural-log mel of each frame, 100 frames a second.", ClipTiming.MelFramesPerWindow)],
        outputs: [StageDescription.Float32("mel", "Natural-log mel, 100 frames a second.", ClipTiming.MelFramesPerWindow, ClipTiming.MelBins)],
        limits:
        [
            StageDescription.Limit("prompt", GenerateLimits.MaximumPromptCharacters, "characters"),
            StageDescription.Limit("seed", GenerateLimits.MaximumSeed, ""),
            StageDescription.Limit("steps", Math.Min(GenerateLimits.MaximumSteps, bundle.Manifest.Sampler.TrainingSteps), "steps"),
            StageDescription.Limit("guidance", GenerateLimits.MaximumGuidanceScale, ""),
            StageDescription.Limit(nameof(options.MaxWindows), options.MaxWindows, "windows"),
            StageDescription.Limit(nameof(options.QueueCapacity), options.QueueCapacity, "requests"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        ]));

    public override async Task Generate(
        IAsyncStreamReader<GenerateRequest> requestStream, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var clock = new StageClock(Stage, bundle);
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);

        // :: Step 1: the options, and a place in the queue.
        var request = await incoming.MoveNextAsync() && incoming.Current.Options is { } given
            ? SamplingRequest.From(given, bundle.Manifest.Sampler)
            : throw InputFault.Invalid("options", "must be the first message");
        using var place = queue.TryAdmit() ?? throw QueueFull();
        var text = energyToMel.EncodeText(request.Prompt, clock, cancellation);
        await responseStream.WriteAsync(new() { Sampler = request.Settings() }, cancellation);

        // :: Step 2: each window as soon as its energy is there and the device is free.
        var (windows, lastPosition) = (0, -1);
        for (; await incoming.MoveNextAsync(); windows++)
        {
            var energy = CheckedEnergy(incoming.Current, windows);
            await foreach (var position in place.WaitForTurn(cancellation))
                if (position != lastPosition)
                    await responseStream.WriteAsync(new() { Queue = new() { Position = lastPosition = position } }, cancellation);
            var mel = await SampleInTurn(new Window(request, text, windows, energy, clock), place, responseStream, cancellation);
            await responseStream.WriteAsync(new() { Mel = new() { Window = windows, Mel = mel.ToMessage("mel") } }, cancellation);
        }
        if (windows == 0)
            throw InputFault.Invalid("energy", "must have at least one window, but the stream ended");

        // :: Step 3: the summary.
        log.Finished(windows, request.Schedule.Timesteps.Count, clock.Elapsed.TotalSeconds);
        await responseStream.WriteAsync(new() { Summary = clock.Summary(windows) }, cancellation);
    }

    /// <summary>
    /// Samples a window on a thread of its own, so that a caller who reads its progress slowly does not keep the device from others; ends the turn.
    /// </summary>
    async Task<HostTensor> SampleInTurn(
        Window window, DiffusionQueue.Ticket place, IServerStreamWriter<GenerateResponse> responseStream, CancellationToken cancellation)
    {
        var progress = Channel.CreateUnbounded<StepProgress>();              // holds no more than the steps of one window
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sampling = Task.Run(() => Sample(window, progress.Writer, place, abandoned.Token), CancellationToken.None);
        try
        {
            await foreach (var step in progress.Reader.ReadAllAsync(cancellation))
                await responseStream.WriteAsync(new() { Step = step }, cancellation);
        }
        catch
        {
            await abandoned.CancelAsync();
            await sampling.ContinueWith(_ => { }, TaskScheduler.Default);    // the turn ends before the place is given back
            throw;
        }
        return await sampling;
    }

    HostTensor Sample(Window window, ChannelWriter<StepProgress> progress, DiffusionQueue.Ticket place, CancellationToken cancellation)
    {
        try
        {
            var lastStep = Stopwatch.GetTimestamp();
            return energyToMel.Sample(window, StepDone, cancellation);

            void StepDone(int done)
            {
                var elapsed = Duration.FromTimeSpan(Stopwatch.GetElapsedTime(lastStep));
                lastStep = Stopwatch.GetTimestamp();
                progress.TryWrite(new() { Window = window.Index, Step = done, Steps = window.Request.Schedule.Timesteps.Count, Elapsed = elapsed });
            }
        }
        finally
        {
            place.EndTurn();
            progress.Complete();
        }
    }

    float[] CheckedEnergy(GenerateRequest request, int expectedWindow)
    {
        var part = request.Energy ?? throw InputFault.Invalid("energy", "must follow the options, but another message came");
        if (part.Window != expectedWindow)
            throw InputFault.Invalid("energy", $"windows must come in order: {expectedWindow} is next, but {part.Window} came");
        if (expectedWindow >= options.MaxWindows)
            throw InputFault.Exhausted("energy", $"at most {options.MaxWindows} windows are accepted (MaxWindows), but window {expectedWindow} came");
        var energy = part.Energy.ToHostTensor("energy", ClipTiming.MelFramesPerWindow).Floats.ToArray();
        foreach (var value in energy)
            InputFault.ThrowUnlessInRange("energy", value, QuietestEnergy, LoudestEnergy);
        return energy;
    }

    InputFault QueueFull()
    {
        log.QueueFull(queue.Capacity);
        return new(FaultKind.Exhausted, "queue", $"all {queue.Capacity} places are taken (QueueCapacity)") { RetryAfter = queue.RetryAfter };
    }
}
