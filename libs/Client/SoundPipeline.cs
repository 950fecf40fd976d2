using System.Threading.Channels;
using Google.Protobuf;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.V1;
using static Rewas.Client.GenerateProgress;
using ClipTiming = Rewas.Clip.ClipTiming;
using CurveEdit = Rewas.Sound.Curves.CurveEdit;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Client;

/// <summary>
/// The pipeline of one attempt at a request. Each stage's responses feed the next stage's requests as they arrive, so all stages work at
/// once:
/// <code>
/// file --chunks--> VideoEncoder --segments--> EnergyPredictor --windows--> AudioDiffusion --mel--> Vocoder --samples--> sink
/// </code>
/// The channels between the stages bound the memory. Only the energy curve is kept whole, 512 values per window.
/// A stage is called when its first input arrives, so it is not reserved while earlier stages work.
/// </summary>
sealed class SoundPipeline(
    StageClients stages,
    IReadOnlyList<DescribeResponse> described,
    VideoSource video,
    RequestState state,
    PipelineRun run,
    IProgress<GenerateProgress>? progress)
{
    const int UploadChunkBytes = 256 * 1024;
    const int EnergyWindowsHeld = 1024;

    // Segments take tens of kilobytes, windows of energy 2 KB, windows of mel 128 KB. Energy is small and diffusion is slow. With room for
    // many windows, the encoder finishes early and frees its machine.
    readonly Channel<SegmentFeatures> segments = Bounded<SegmentFeatures>(32);
    readonly Channel<EnergyWindow> energies = Bounded<EnergyWindow>(EnergyWindowsHeld);
    readonly List<Channel<MelWindow>> mels = [];                              // one for each candidate
    readonly TaskCompletionSource<VideoInfo> videoFound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Dictionary<int, RecordingsPlaced> recordings = [];              // by window

    IReadOnlyList<CurveEdit> edits = [];
    ControlTimeline predicted = new(0);                                      // the prediction, as it arrives
    ControlTimeline? edited;                                                 // the prediction after edits
    StartMel? startMel;
    SamplerSettings? sampler;

    /// <summary>Predicts energy from the picture.</summary>
    public async Task<GenerateResult> PredictEnergyAsync()
    {
        var encode = EncodeAsync();
        await run.AllAsync(encode, PredictAsync(encode), DiscardAsync(energies.Reader));
        return Result();
    }

    /// <summary>Makes sound from picture and text. With edits, diffusion waits for the whole energy curve.</summary>
    /// <param name="edits">Edits in order.</param>
    /// <param name="start">The sound from which sampling starts; null for noise.</param>
    public async Task<GenerateResult> GenerateAsync(GenerateOptions options, IReadOnlyList<CurveEdit> edits, StartMel? start = null)
    {
        startMel = start;
        mels.AddRange(state.Sounds.Select(_ => Bounded<MelWindow>(2)));
        this.edits = edits;
        var heard = edits.Count == 0 ? energies : Bounded<EnergyWindow>(EnergyWindowsHeld);
        var edit = edits.Count == 0 ? Task.CompletedTask : EditAsync(heard.Writer);
        var encode = EncodeAsync();
        var (predict, diffuse) = (PredictAsync(encode), DiffuseAsync(options, heard.Reader));
        List<Task<StageSummary>> synthesize = [.. state.Sounds.Select(SynthesizeAsync)];
        await run.AllAsync([encode, predict, edit, diffuse, .. synthesize]);
        return Result(await diffuse, await synthesize[0]);
    }

    /// <summary>The result for energy that was predicted before.</summary>
    public GenerateResult Known(KnownEnergy known)
    {
        Take(known);
        return Result();
    }

    /// <summary>Makes sound from known energy and text. The video is neither decoded nor encoded.</summary>
    /// <param name="edits">Edits in order.</param>
    /// <param name="start">The sound from which sampling starts; null for noise.</param>
    public async Task<GenerateResult> RenderAsync(
        KnownEnergy known, GenerateOptions options, IReadOnlyList<CurveEdit> edits, StartMel? start = null)
    {
        startMel = start;
        mels.AddRange(state.Sounds.Select(_ => Bounded<MelWindow>(2)));
        Take(known);
        edited = predicted.WithEnergy(known.Curve.Apply(edits, run.Stop).Values);
        var (feed, diffuse) = (FeedAsync(energies.Writer), DiffuseAsync(options, energies.Reader));
        List<Task<StageSummary>> synthesize = [.. state.Sounds.Select(SynthesizeAsync)];
        await run.AllAsync([feed, diffuse, .. synthesize]);
        return Result(await diffuse, await synthesize[0]);
    }

    void Take(KnownEnergy known)
    {
        videoFound.SetResult(known.Video);
        state.VideoFound(known.Video);
        predicted = new(known.Curve.Count);
        predicted.Add(known.ToControl());
    }

    async Task<StageSummary> EncodeAsync()
    {
        var stream = new StageStream<EncodeVideoRequest, EncodeVideoResponse>(
            StageNames.VideoEncoder, run, Sha256(0), stages.VideoEncoder.Encode);
        var summary = await stream.RunAsync(
            async (requests, stop) =>
            {
                var name = video.FileName.Length > 255 ? video.FileName[^255..] : video.FileName;
                await requests.WriteAsync(
                    new() { Options = new() { FileName = name, FileBytes = video.Bytes ?? 0, Opened = video.Opened ?? "" } }, stop);
                if (video.Opened is null)
                    await UploadAsync(requests, stop);
                else
                    progress?.Report(new Uploaded(video.Bytes ?? 0, video.Bytes));
            },
            async (response, stop) =>
            {
                switch (response.PartCase)
                {
                    case EncodeVideoResponse.PartOneofCase.Video:
                        VideoIs(response.Video, stream);
                        break;
                    case EncodeVideoResponse.PartOneofCase.Segment:
                        if (!state.Take(response.Segment))
                            throw stream.Broken("gave other features than before, when the request was repeated");
                        await stream.PassOnAsync(segments.Writer, response.Segment, stop);
                        progress?.Report(new SegmentEncoded(response.Segment.Window, response.Segment.Segment, Windows));
                        break;
                    case EncodeVideoResponse.PartOneofCase.Summary:
                        stream.Finish(response.Summary);
                        break;
                }
            });
        segments.Writer.Complete();
        return summary;
    }

    async Task UploadAsync(RequestStream<EncodeVideoRequest> requests, CancellationToken stop)
    {
        // The file is the buffer of the upload: each attempt reads it from its start.
        await using var file = await video.Open(stop);
        var buffer = new byte[UploadChunkBytes];
        long sent = 0;
        while (await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop) is > 0 and var count)
        {
            // After the write, the buffer is free again.
            await requests.WriteAsync(new() { Chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, stop);
            sent += count;
            progress?.Report(new Uploaded(sent, video.Bytes));
        }
    }

    void VideoIs(VideoInfo found, StageStream<EncodeVideoRequest, EncodeVideoResponse> stream)
    {
        if (found.AudioSamples <= 0 || found.Windows != ClipTiming.WindowsFor(found.AudioSamples) || !videoFound.TrySetResult(found))
            throw stream.Broken($"described the video wrongly: {found.AudioSamples} samples in {found.Windows} windows");
        var values = KnownEnergy.CountFor(found.AudioSamples);
        InputFault.ThrowIfAny(edits.SelectMany(edit => edit.Faults(values)));   // before any work on the edits
        predicted = new(values);
        state.VideoFound(found);
    }

    /// <param name="encode">The stage before this one. It has ended when this one ends.</param>
    async Task PredictAsync(Task<StageSummary> encode)
    {
        var stream = new StageStream<PredictEnergyRequest, EnergyResponse>(
            StageNames.EnergyPredictor, run, Sha256(1), stages.EnergyPredictor.Predict);
        await segments.Reader.WaitToReadAsync(run.Stop);
        var next = 0;
        var summary = await stream.RunAsync(
            (requests, stop) => stream.ForwardAsync(segments.Reader, requests, segment => new() { Segment = segment }, stop),
            async (response, stop) =>
            {
                switch (response.PartCase)
                {
                    case EnergyResponse.PartOneofCase.Energy:
                        ThrowUnlessNext(stream.Broken, response.Energy.Window, ref next);
                        stream.Checked(() => predicted.Add(response.Energy.ToControl()));
                        await stream.PassOnAsync(energies.Writer, WindowOf(predicted, next - 1), stop);
                        progress?.Report(new EnergyPredicted(response.Energy.Window, Windows));
                        break;
                    case EnergyResponse.PartOneofCase.Summary:
                        stream.Finish(response.Summary);
                        break;
                }
            });
        if (next != Windows)
            throw stream.Broken($"sent {next} of {Windows} windows");
        await DiscardAsync(segments.Reader);
        var (found, encoded) = (await videoFound.Task, await encode);
        stream.Checked(() => state.Keep(
            new(EnergyCurve.Of([.. predicted.Energy], "energy"), found) { Descriptors = Descriptors() }, [encoded, summary]));
        energies.Writer.Complete();
    }

    /// <summary>Collects the energy of the whole video, edits it and passes it on.</summary>
    async Task EditAsync(ChannelWriter<EnergyWindow> next)
    {
        await DiscardAsync(energies.Reader);
        edited = predicted.WithEnergy(EnergyCurve.Of([.. predicted.Energy]).Apply(edits, run.Stop).Values);
        await FeedAsync(next);
    }

    async Task FeedAsync(ChannelWriter<EnergyWindow> next)
    {
        for (var window = 0; window < Windows; window++)
        {
            progress?.Report(new EnergyPredicted(window, Windows));
            await next.WriteAsync(WindowOf(edited!, window), run.Stop);
        }
        next.Complete();
    }

    /// <summary>
    /// The message of one window. Past the video's end the last value repeats, whatever made the curve. So the same curve gives the same
    /// sound.
    /// </summary>
    static EnergyWindow WindowOf(ControlTimeline timeline, int window) =>
        timeline.Window((long)window * ClipTiming.MelFramesPerWindow, overCuts: true).ToMessage(window);

    /// <summary>Samples the sound.</summary>
    async Task<StageSummary> DiffuseAsync(GenerateOptions options, ChannelReader<EnergyWindow> input)
    {
        var stream = new StageStream<V1.GenerateRequest, GenerateResponse>(
            StageNames.AudioDiffusion, run, Sha256(2), stages.AudioDiffusion.Generate);
        await input.WaitToReadAsync(run.Stop);
        options.Frames = KnownEnergy.CountFor((await videoFound.Task.WaitAsync(run.Stop)).AudioSamples);
        var (frames, sampled, next) = (0L, 0, new int[mels.Count]);
        var summary = await stream.RunAsync(
            async (requests, stop) =>
            {
                await requests.WriteAsync(new() { Options = options }, stop);
                await stream.ForwardAsync(input, requests, energy => new() { Energy = WithStart(energy) }, stop);
            },
            async (response, stop) =>
            {
                switch (response.PartCase)
                {
                    case GenerateResponse.PartOneofCase.Sampler:
                        sampler = response.Sampler;
                        break;
                    case GenerateResponse.PartOneofCase.Queue:
                        progress?.Report(new Queued(response.Queue.Position));
                        break;
                    case GenerateResponse.PartOneofCase.Recordings:
                        recordings[response.Recordings.Window] = response.Recordings;
                        break;
                    case GenerateResponse.PartOneofCase.Step when response.Step.Candidate > 0:
                        break;                                               // candidates are sampled side by side
                    case GenerateResponse.PartOneofCase.Step:
                        progress?.Report(new Sampled(
                            sampled,
                            Math.Max(sampled + 1, sampler?.Windows ?? Windows),
                            response.Step.Step,
                            response.Step.Steps,
                            response.Step.Elapsed.ToTimeSpan()));
                        if (response.Step.Step == response.Step.Steps)
                            sampled++;
                        break;
                    case GenerateResponse.PartOneofCase.Mel:
                        var candidate = response.Mel.Candidate;
                        if (candidate < 0 || candidate >= mels.Count)
                            throw stream.Broken($"sent candidate {candidate}, but {mels.Count} were requested");
                        ThrowUnlessNext(stream.Broken, response.Mel.Window, ref next[candidate]);
                        if (candidate == 0)
                            frames += response.Mel.Mel.Shape.FirstOrDefault();
                        await stream.PassOnAsync(mels[candidate].Writer, response.Mel, stop);
                        break;
                    case GenerateResponse.PartOneofCase.Summary:
                        stream.Finish(response.Summary);
                        break;
                }
            });
        if (frames < options.Frames)
            throw stream.Broken($"sent {frames} of {options.Frames} frames");
        mels.ForEach(mel => mel.Writer.Complete());
        await DiscardAsync(input);
        return summary;
    }

    /// <summary>The energy with the sound to start from.</summary>
    EnergyWindow WithStart(EnergyWindow energy)
    {
        if (startMel is null)
            return energy;
        const int Values = ClipTiming.MelFramesPerWindow * ClipTiming.MelBins;
        var values = new float[mels.Count * Values];
        for (var candidate = 0; candidate < mels.Count; candidate++)
            startMel(energy.Window, candidate).CopyTo(values, candidate * Values);
        return new(energy)
        {
            Start = HostTensor.Of(values, mels.Count, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins).ToMessage("start"),
        };
    }

    /// <param name="sound">Receives the sound.</param>
    /// <param name="candidate">Index of the candidate, from 0. Progress is reported for the first only.</param>
    async Task<StageSummary> SynthesizeAsync(DeliveredSound sound, int candidate)
    {
        var (mels, written) = (this.mels[candidate], 0L);
        var stream = new StageStream<SynthesizeRequest, SynthesizeResponse>(StageNames.Vocoder, run, Sha256(3), stages.Vocoder.Synthesize);
        await mels.Reader.WaitToReadAsync(run.Stop);
        var samples = (await videoFound.Task.WaitAsync(run.Stop)).AudioSamples;
        var summary = await stream.RunAsync(
            async (requests, stop) =>
            {
                await requests.WriteAsync(new() { Options = new() { AudioSamples = samples } }, stop);
                await stream.ForwardAsync(mels.Reader, requests, mel => new() { Mel = mel }, stop);
            },
            async (response, stop) =>
            {
                switch (response.PartCase)
                {
                    case SynthesizeResponse.PartOneofCase.Wave:
                        await WriteAsync(response.Wave);
                        break;
                    case SynthesizeResponse.PartOneofCase.Summary:
                        stream.Finish(response.Summary);
                        break;
                }

                async Task WriteAsync(WaveChunk chunk)
                {
                    var wave = stream.Floats(chunk.Samples, "wave", -1);
                    if (chunk.FirstSample != written || written + wave.Length > samples)
                        throw stream.Broken($"sent {wave.Length} samples from {chunk.FirstSample} on, after {written} of {samples}");
                    if (candidate == 0)
                        state.SoundArrived();
                    var before = sound.Delivered;
                    if (!await sound.WriteAsync(wave))
                        throw stream.Broken($"gave other samples than the {before} delivered before, when the request was repeated");
                    written += wave.Length;
                    if (candidate == 0 && sound.Delivered > before)
                        progress?.Report(new SoundWritten(sound.Delivered, samples));
                }
            });
        if (written != samples)
            throw stream.Broken($"sent {written} of {samples} samples");
        if (!sound.HasCaughtUp)
            throw stream.Broken($"gave {written} samples after {sound.Delivered} were delivered, when the request was repeated");
        await DiscardAsync(mels.Reader);
        return summary;
    }

    int Windows => videoFound.Task.IsCompletedSuccessfully ? videoFound.Task.Result.Windows : 0;

    string Sha256(int stage) => described[stage].BundleSha256;

    PredictedDescriptors Descriptors() =>
        new(predicted.Onsets, predicted.Texture) { Cuts = [.. predicted.Cuts.Select(cut => (int)cut)] };

    /// <param name="sounding">Summaries of the stages that made the sound.</param>
    GenerateResult Result(params StageSummary[] sounding) => new()
    {
        Video = videoFound.Task.Result,
        PredictedEnergy = predicted.Energy,
        Energy = (edited ?? predicted).Energy,
        Descriptors = Descriptors(),
        Stages = described,
        Summaries = [.. state.Prediction, .. sounding],
        Samples = state.Sounds.Count == 0 ? 0 : state.Sounds[0].Delivered,
        Sampler = sampler,
        RecordingPieces = [.. recordings.Values.SelectMany(window => window.Pieces).OrderBy(piece => piece.Position)],
        Elapsed = state.Deadline.Elapsed,
        FirstSoundAfter = state.FirstSoundAfter,
    };

    static void ThrowUnlessNext(Func<string, StageFailure> broken, int window, ref int next)
    {
        if (window != next)
            throw broken($"sent window {window} instead of {next}");
        next++;
    }

    /// <summary>Discards the remaining messages. The next stage needs no more, and they must not block the previous one.</summary>
    async Task DiscardAsync<T>(ChannelReader<T> rest)
    {
        await foreach (var _ in rest.ReadAllAsync(run.Stop))
        {
        }
    }

    static Channel<T> Bounded<T>(int capacity) =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
}
