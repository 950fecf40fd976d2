using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;
using ControlDescriptors = Rewas.Clip.ControlDescriptors;
using ControlNames = Rewas.Clip.Names.ControlNames;
using ControlTimeline = Rewas.Clip.ControlTimeline;
using HostTensor = Rewas.Clip.HostTensor;
using WindowControl = Rewas.Clip.WindowControl;
using WindowLayout = Rewas.Clip.WindowLayout;

namespace Rewas.AudioDiffusion;

/// <summary>The gRPC edge of the third stage.</summary>
public sealed class AudioDiffusionService(
    Bundle bundle, EnergyToMel energyToMel, DiffusionQueue queue, OpenRequests openRequests, LatentCache cache,
    IOptions<AudioDiffusionOptions> configured, ILogger<AudioDiffusionService> log)
    : V1.AudioDiffusion.AudioDiffusionBase
{
    const string Stage = StageNames.AudioDiffusion;

    /// <summary>Range of valid energy: silence is -11.5, and a waveform in [-1, 1] stays below 2.</summary>
    const double QuietestEnergy = -12, LoudestEnergy = 5;

    readonly AudioDiffusionOptions options = configured.Value;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(bundle.Describe(
        Stage,
        StageDescription.Accelerator(energyToMel.Denoiser.Accelerator, energyToMel.Denoiser.Precision),
        inputs:
            [StageDescription.Float32("energy", "Mean natural-log mel of each frame, 100 frames a second.", ClipTiming.MelFramesPerWindow)],
        outputs:
        [
            StageDescription.Float32(
                "mel", "Natural-log mel, 100 frames a second.", ClipTiming.MelFramesPerWindow, ClipTiming.MelBins),
        ],
        limits:
        [
            .. OrderTable.All.Where(option =>
                option.Place.StartsWith("options.", StringComparison.Ordinal)
                    && option is { Maximum: not null, Faces: not OptionFaces.Wire, Kind: not OptionKind.List })
                .Select(option => StageDescription.Limit(option.Name, option == OrderTable.Steps
                    ? Math.Min(option.Maximum!.Value, bundle.Manifest.Sampler.TrainingSteps)
                    : option.Maximum!.Value,
                    option.Kind == OptionKind.Text ? "characters" : option == OrderTable.Steps ? "steps" : option.Unit)),
            StageDescription.Limit(nameof(options.MaxWindows), options.MaxWindows, "windows"),
            StageDescription.Limit(nameof(options.QueueCapacity), options.QueueCapacity, "requests"),
            StageDescription.Limit(nameof(options.MaxOpenRequests), options.MaxOpenRequests, "requests"),
            StageDescription.Limit(nameof(options.MaxRequestsPerCaller), options.MaxRequestsPerCaller, "requests"),
            StageDescription.Limit(nameof(options.MaxBatchRows), options.MaxBatchRows, "rows"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
        ]));

    public override async Task Generate(
        IAsyncStreamReader<GenerateRequest> requestStream, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        var (cancellation, caller) = (context.CancellationToken, context.Caller());
        var clock = new StageClock(Stage, bundle);
        responseStream = responseStream.WithReadTimeout(options.ReadTimeout, nameof(options.ReadTimeout), cancellation);
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, cancellation).GetAsyncEnumerator(cancellation);

        // :: Step 1: read the options. Take a place in the queue when the first window is there.
        var request = await incoming.MoveNextAsync() && incoming.Current.Options is { } given
            ? SamplingRequest.From(given, bundle.Manifest.Sampler, Controls)
            : throw InputFault.Invalid("options", "must be the first message");
        using var open = openRequests.Enter(caller);
        if (!await incoming.MoveNextAsync())
            throw InputFault.Invalid("energy", "must have at least one window, but the stream ended");
        var wait = queue.ExpectedWait(request.Rows, request.Levels.Steps, request.Batch, caller);
        if (context.Deadline - DateTime.UtcNow < wait)
            throw TooLate(wait);
        using var place = queue.TryAdmit(request.Batch, caller) ?? throw QueueFull();
        // Lazy, because the texts are not needed if all windows are in the cache.
        var texts = new Lazy<Task<TextConditions>>(() =>
            Task.Run(() => energyToMel.EncodeTexts(request, clock, cancellation), cancellation));
        if (await Task.Run(() => SamplingStart.Of(energyToMel, request), cancellation) is { } start)
            request = request.From(start);
        await responseStream.WriteAsync(new() { Sampler = request.Settings(energyToMel.Denoiser.Precision) }, cancellation);

        // :: Step 2: make each window once its inputs are there. Send its part of the mel once all earlier parts are sent.
        var layout = new WindowLayout(request.Join);
        var controls = new ControlTimeline(request.Frames);
        var order = new WindowOrder(layout, controls);
        var sounds = Enumerable.Range(0, request.Candidates)
            .Select(candidate => new CandidateSound(layout, energyToMel.Denoiser.LatentShape, candidate)).ToList();
        var told = new LastPosition();
        var (received, sampled, parts) = (0, 0, 0);
        for (var more = true; ; more = await NextAsync(incoming, place, cancellation))
        {
            if (more)
                controls.Add(CheckedControl(incoming.Current, received++, request));
            else
                controls.End();
            for (; order.TryNext(out var window); sampled++)
            {
                await MakeAsync(
                    request, layout, texts, window, controls.Window(window.Start), sounds, place, told, responseStream,
                        clock, cancellation);
                while (sounds[0].HasNext)
                    await WriteAsync(sounds.ConvertAll(sound => sound.Next(controls)));
                controls.DropBefore(order.Needed);
            }
            if (!more)
                break;
        }
        if (sounds.ConvertAll(sound => sound.End()) is var rests && rests[0] is not null)
            await WriteAsync(rests.ConvertAll(rest => (IReadOnlyList<HostTensor>)[rest!]));

        // :: Step 3: send the summary.
        log.Finished(sampled, request.Levels.Steps, clock.Elapsed.TotalSeconds);
        await responseStream.WriteAsync(new() { Summary = clock.Summary(sampled) }, cancellation);

        // Sends the same part of all candidates before the next part.
        async Task WriteAsync(List<IReadOnlyList<HostTensor>> given)
        {
            for (var i = 0; i < given[0].Count; i++, parts++)
                for (var candidate = 0; candidate < given.Count; candidate++)
                {
                    var part = new MelWindow { Window = parts, Mel = given[candidate][i].ToMessage("mel"), Candidate = candidate };
                    await responseStream.WriteAsync(new() { Mel = part }, cancellation);
                }
        }
    }

    /// <summary>Waits for the next window. A caller that takes its time leaves its place to others meanwhile.</summary>
    static async Task<bool> NextAsync(
        IAsyncEnumerator<GenerateRequest> incoming, DiffusionQueue.Place place, CancellationToken cancellation)
    {
        var next = incoming.MoveNextAsync();
        if (next.IsCompleted)
            return await next;
        place.Leave();
        var more = await next;
        await place.ReturnAsync(cancellation);
        return more;
    }

    /// <summary>Makes the latents and mels of a window for all candidates, from the cache or by sampling them together.</summary>
    async Task MakeAsync(
        SamplingRequest request,
        WindowLayout layout,
        Lazy<Task<TextConditions>> texts,
        WindowPlace window,
        WindowControl control,
        List<CandidateSound> sounds,
        DiffusionQueue.Place place,
        LastPosition told,
        IServerStreamWriter<GenerateResponse> responseStream,
        StageClock clock,
        CancellationToken cancellation)
    {
        var length = energyToMel.Denoiser.LatentLength;
        var contexts = sounds.ConvertAll(sound => sound.Context(window));
        var keys = sounds.ConvertAll(sound => cache.Key(
            request, energyToMel.Denoiser.Precision, control, window.Start, sound.Candidate, contexts[sound.Candidate]));
        var made = keys.ConvertAll(key => cache.Find(key, length));
        var starting = request.Start is { } start
            ? await Task.Run(() => sounds.ConvertAll(sound => start.Window(control, window.Start, sound.Candidate)), cancellation)
            : null;
        if (starting?[0].Placed is { } placed)
        {
            var (first, end) = layout.OwnFrames(window.InScene, window.Start + ClipTiming.MelFramesPerWindow >= request.Frames);
            var last = (int)Math.Min(end, (request.Frames ?? long.MaxValue) - window.Start);
            await responseStream.WriteAsync(new() { Recordings = placed.ToMessage(window, first, last) }, cancellation);
        }
        if (starting is not null && request.IsStartAlone)
            made = await Task.Run(() => starting.ConvertAll(one =>
                (SampledWindow?)energyToMel.Decoded([.. one.LogMel], request, control, clock, cancellation)), cancellation);
        if (made.Contains(null))
        {
            var encoded = await texts.Value;
            var conditions = await Task.Run(
                () => energyToMel.EncodeControl(encoded, control, request.Control, clock, cancellation), cancellation);
            var missing = sounds.Where(sound => made[sound.Candidate] is null).Select(sound => sound.Candidate).ToList();
            var starts = starting is null ? null
                : await Task.Run(() => missing.ConvertAll(candidate =>
                    energyToMel.Encode(starting[candidate].LogMel, clock, cancellation)), cancellation);
            var samplers = missing.ConvertAll(candidate => new WindowSampler(
                request, starts is null ? conditions : conditions with { Start = starts[missing.IndexOf(candidate)] }, length,
                window.Number, candidate, start: null, sounds[candidate].Place(window), contexts[candidate]));
            await SampleAsync(samplers, missing, window.Number, place, told, responseStream, clock, cancellation);
            foreach (var (candidate, sampler) in missing.Zip(samplers))
            {
                var mel = await Task.Run(
                    () => energyToMel.Decode(sampler.Latent, request, candidate, window.Start, control, clock, cancellation), cancellation);
                cache.Store(keys[candidate], made[candidate] = new(sampler.Latent.ToArray(), mel));
            }
        }
        foreach (var sound in sounds)
            sound.Take(window, made[sound.Candidate]!.Latent, made[sound.Candidate]!.Mel);
    }

    /// <summary>
    /// Samples the candidates of a window in the loop and reports progress to the caller. A slow caller delays nobody. When this method
    /// ends, in any way, the loop no longer uses the candidates.
    /// </summary>
    async Task SampleAsync(
        List<WindowSampler> samplers,
        List<int> candidates,
        int window,
        DiffusionQueue.Place place,
        LastPosition told,
        IServerStreamWriter<GenerateResponse> responseStream,
        StageClock clock,
        CancellationToken cancellation)
    {
        using var span = RewasTelemetry.Source.StartActivity("sampling");
        span?.SetTag("rewas.window", window).SetTag("rewas.candidates", samplers.Count).SetTag("rewas.steps", samplers[0].Steps);
        span?.SetTensors("out",
        [
            .. samplers.Select(_ => HostTensor.Of(new float[energyToMel.Denoiser.LatentLength], energyToMel.Denoiser.LatentShape)),
        ]);
        var events = Channel.CreateUnbounded<SamplingEvent>();               // bounded by the steps of one window
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var works = samplers.Select((sampler, i) => new SamplingWork(
            sampler,
            place,
            i > 0 ? null : position => events.Writer.TryWrite(new(0, position, 0, default)),
            (done, elapsed) => events.Writer.TryWrite(new(candidates[i], -1, done, elapsed)),
            abandoned.Token)).ToList();
        works.ForEach(queue.Add);
        var sampled = Task.WhenAll(works.Select(work => work.Ended));
        _ = sampled.ContinueWith(
            _ => events.Writer.Complete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(CancellationToken.None))
            {
                if (happened.Position < 0)
                {
                    if (happened.Candidate == candidates[0])
                        clock.Count(happened.Elapsed);
                    await responseStream.WriteAsync(new() { Step = happened.ToMessage(window, samplers[0].Steps) }, cancellation);
                }
                else if (told.Is(happened.Position))
                    await responseStream.WriteAsync(new() { Queue = new() { Position = happened.Position } }, cancellation);
            }
        }
        catch
        {
            await abandoned.CancelAsync();
            // They leave the loop before the place is released.
            await ((Task)sampled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        await sampled;
    }

    /// <summary>The controls of the bundle, starting with its own.</summary>
    IReadOnlyList<string> Controls => energyToMel.Denoiser.TakesDescriptors
        ? ControlNames.All
        : [bundle.Manifest.Control == ControlNames.Onset ? ControlNames.Onset : ControlNames.Energy, ControlNames.TextOnly];

    WindowControl CheckedControl(GenerateRequest message, int expectedWindow, SamplingRequest request)
    {
        var part = message.Energy ?? throw InputFault.Invalid("energy", "must follow the options, but another message came");
        if (part.Window != expectedWindow)
            throw InputFault.Invalid("energy", $"windows must come in order: {expectedWindow} is next, but {part.Window} came");
        if (expectedWindow >= options.MaxWindows)
            throw InputFault.Exhausted(
                "energy", $"at most {options.MaxWindows} windows are accepted (MaxWindows), but window {expectedWindow} came");
        var energy = part.Energy.ToFloatTensor("energy", ClipTiming.MelFramesPerWindow).Floats.ToArray();
        foreach (var value in energy)
            InputFault.ThrowUnlessInRange("energy", value, QuietestEnergy, LoudestEnergy);
        if (request.Level != 0 && request.FollowsEnergy)
            foreach (ref var value in energy.AsSpan())
                value = Math.Clamp(value + EnergyScale.OfDecibels(request.Level), EnergyScale.Silence, (float)LoudestEnergy);
        return new(
            energy,
            Shares("onsets", part.Onsets, isNeeded: request.Control == ControlNames.Onset, ClipTiming.MelFramesPerWindow),
            Shares(
                "texture", part.Texture, isNeeded: request.Control == ControlNames.Texture, ClipTiming.MelFramesPerWindow,
                ControlDescriptors.TextureNumbers))
        {
            Cuts = request.IgnoreCuts ? [] : part.Cuts,
            Starts = Starts(part.Start),
        };

        IReadOnlyList<float[]> Starts(Tensor? tensor)
        {
            if (!request.HasGivenStart)
                return tensor is null ? [] : throw InputFault.Invalid("start", "must come with reference_strength only, but it is absent");
            if (tensor is null)
                throw InputFault.Invalid("start", "must be given with reference_strength, but is absent");
            const int Values = ClipTiming.MelFramesPerWindow * ClipTiming.MelBins;
            var mels = tensor.ToFloatTensor("start", request.Candidates, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins).Floats;
            foreach (var value in mels.Span)
                InputFault.ThrowUnlessInRange("start", value, QuietestEnergy, LoudestEnergy);
            return [.. Enumerable.Range(0, request.Candidates).Select(i => mels.Slice(i * Values, Values).ToArray())];
        }

        float[]? Shares(string field, Tensor? tensor, bool isNeeded, params long[] shape)
        {
            if (!isNeeded || !energyToMel.Denoiser.TakesDescriptors)
                return null;
            if (tensor is null)
                throw InputFault.Invalid(field, $"must be given with control {request.Control}, but is absent");
            var values = tensor.ToFloatTensor(field, shape).Floats.ToArray();
            foreach (var value in values)
                InputFault.ThrowUnlessInRange(field, value, 0, 1);
            return values;
        }
    }

    InputFault QueueFull()
    {
        log.QueueFull(queue.Capacity);
        return new(FaultKind.Exhausted, "queue", $"all {queue.Capacity} places are taken (QueueCapacity)")
        {
            RetryAfter = queue.RetryAfter,
        };
    }

    /// <summary>Refuses a request at once whose first window cannot be sampled before its deadline. It takes no time from others.</summary>
    InputFault TooLate(TimeSpan wait) => new(FaultKind.Exhausted, "queue", FormattableString.Invariant(
        $"the first window would take {wait.TotalSeconds:0.#} s, which is beyond the deadline"))
    {
        RetryAfter = queue.RetryAfter,
    };

    /// <summary>An event of the loop: a new position, or a finished step (position -1).</summary>
    readonly record struct SamplingEvent(int Candidate, int Position, int StepsDone, TimeSpan Elapsed)
    {
        public StepProgress ToMessage(int window, int steps) =>
            new() { Window = window, Step = StepsDone, Steps = steps, Elapsed = Duration.FromTimeSpan(Elapsed), Candidate = Candidate };
    }

    /// <summary>Reports each change of a caller's position once, over all windows.</summary>
    sealed class LastPosition
    {
        int last = -1;

        public bool Is(int position)
        {
            var isNew = position != last;
            last = position;
            return isNew;
        }
    }
}
