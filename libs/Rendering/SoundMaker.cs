using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Rendering.Delivery;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;
using Rewas.Rendering.Takes;
using Rewas.Sound.Curves;
using Rewas.Text.Words;
using Rewas.V1;
using Rewas.Video;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;
using GenerateRequest = Rewas.Client.GenerateRequest;

namespace Rewas.Rendering;

/// <summary>Makes a sound from an order and a video, and a file with its sidecar from a sound. Every file is made here.</summary>
/// <param name="client">Calls the stages. Null: only sounds that need no stage can be made.</param>
/// <param name="judge">Ranks candidates. It is called only if there are several that networks made.</param>
/// <param name="references">Finds the files of callers' own recordings. Null: they can be sent as bytes only.</param>
public sealed class SoundMaker(RewasClient? client, Func<CandidateJudge> judge, ReferenceFiles? references = null)
{
    readonly ReferenceFiles references = references ?? new();

    /// <summary>Gives the guard that hears what was made. Null, or a guard that cannot hear voices: nobody listens.</summary>
    public Func<SoundGuard?>? Guard { get; init; }

    /// <summary>
    /// Most bytes in temporary files for one sample of a made sound at 16 kHz. Placed recordings have up to 192 kHz, in stereo.
    /// </summary>
    public static int MostBytesOfFrame(SoundOrder order) => MayBePlacedAlone(order) ? sizeof(float) * (1 + 2 * 12) : sizeof(float);

    /// <summary>Whether an order asks for placed recordings alone, which need the stages for the curve only.</summary>
    public static bool MayBePlacedAlone(SoundOrder order) =>
        order is { References: not null, Options.ReferenceStrength: 0, Environment: null }
        && (order.References.Recordings.Count > 0 || order.References.Library == MemoryNames.On);

    /// <summary>Whether an order's sound is made without any stage: placed recordings under a known curve.</summary>
    public static bool NeedsNoStage(SoundOrder order, VideoClip clip) =>
        order is { References.Recordings.Count: > 0, Options.ReferenceStrength: 0, Environment: null }
        && (order.Curve is not null || clip.Known is not null);

    /// <summary>Makes a file. Without a finish the sound is written while it is made. With a finish it is made completely first.</summary>
    /// <param name="files">The file and the files beside it.</param>
    /// <exception cref="InputFault">The order is invalid, or a file cannot be written.</exception>
    public async Task<FileMade> MakeFileAsync(
        SoundOrder order, VideoClip clip, SoundFiles files, FileMaking making, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        OrderCheck.ThrowIfWrong(order);
        (order, var words) = OrderWords.Understood(order);
        making = making.With(words);
        ThrowUnlessLayer(order, files);
        using var sidecar = PartialFile.Create(files.Sidecar, "sidecar");
        FileMade made;
        using var placed = await PlaceAsync(order, clip, making.References, making.Files ?? references, progress, cancellation);
        if (order.Finish is null && order.Environment is null && order.Options is { Candidates: <= 1, Takes.Count: 0 }
            && files.Layer.Length == 0
            && order.Delivery is not { Broadcast: true } && files.Timeline is null && !SoundExport.IsFlac(files.Output)
            && placed is not { IsAlone: true })
        {
            made = await StreamAsync(order, clip, placed, files, making, progress, cancellation);
        }
        else
        {
            await using var own = making.Layers is null ? new SoundLayers() : null;
            var layers = making.Layers ?? own!;
            var sound = await MakeAsync(order, clip, placed, layers, progress, cancellation);
            if (making.Chosen is { } chosen)
                sound = sound.WithFirst(sound.Candidates.ToList().FindIndex(candidate => candidate.Candidate == chosen));
            made = await SoundFileWriter.WriteAsync(order, clip, sound, files, making, layers.Folder, cancellation);
        }
        await SoundFileWriter.WriteSidecarAsync(sidecar, made.Sidecar);
        return made;
    }

    /// <summary>Writes the file and the sidecar of a sound that was made before.</summary>
    /// <param name="order">The order of the sound, with the finish and format for this file.</param>
    /// <param name="sound">The sound. Its first candidate is written.</param>
    /// <param name="files">The file to write.</param>
    /// <param name="folder">Folder for temporary files; the caller deletes it.</param>
    /// <param name="making">Facts about the making of the file.</param>
    public static async Task<FileMade> ExportAsync(SoundOrder order, VideoClip clip, MadeSound sound, SoundFiles files, string folder,
        FileMaking making, CancellationToken cancellation)
    {
        (order, var words) = OrderWords.Understood(order);
        making = making.With(words);
        ThrowUnlessLayer(order, files);
        using var sidecar = PartialFile.Create(files.Sidecar, "sidecar");
        var made = await SoundFileWriter.WriteAsync(order, clip, sound, files, making, folder, cancellation);
        await SoundFileWriter.WriteSidecarAsync(sidecar, made.Sidecar);
        return made;
    }

    /// <summary>
    /// Makes the layers of a sound. :: Step 1: make the candidates in one batch. :: Step 2: rank them. :: Step 3: make the environment from
    /// the candidates' energy.
    /// </summary>
    /// <param name="layers">Receives the sounds.</param>
    /// <param name="files">Finds the caller's own recordings, if this maker does not.</param>
    public async Task<MadeSound> MakeAsync(
        SoundOrder order, VideoClip clip, SoundLayers layers, IProgress<GenerateProgress>? progress, CancellationToken cancellation,
        ReferenceFiles? files = null)
    {
        (order, var words) = OrderWords.Understood(order);
        using var placed = await PlaceAsync(order, clip, given: null, files ?? references, progress, cancellation);
        var sound = await MakeAsync(order, clip, placed, layers, progress, cancellation);
        if (sound.Result.Sampler is { } sampler && !words.IsAsWritten)
            sampler.Words = words.ToMessage();
        return sound;
    }

    async Task<MadeSound> MakeAsync(
        SoundOrder order, VideoClip clip, PlacedClip? placed, SoundLayers layers, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        if (placed is { IsAlone: true } && order.Options.Takes.Count > 0)
            throw InputFault.Invalid("take", "is of sampled sound; placed recordings are changed with ban and pin");

        // :: Steps 1 and 2
        var sound = placed is { IsAlone: true }
            ? await PlacedCandidates.MakeAsync(placed, order, clip, layers, progress, cancellation)
            : await SampleAsync(order, clip, placed, layers, progress, cancellation);

        // :: Step 3
        if (order.Environment is not { } environment)
            return sound;
        var (result, curve) = (sound.Result, EnergyCurve.Of([.. sound.Result.Energy]));
        var behind = layers.Create("environment", environment.Decibels);
        // The environment follows the energy, even if another control signal guides the primary sound. From text alone there is none to
        // follow.
        var follows = !clip.IsBlank || order.Options.Control != ControlNames.TextOnly;
        var surroundings = new GenerateOptions(OptionsOf(order))
        {
            Prompt = environment.Prompt,
            Seed = environment.Seed,
            Control = follows ? "" : ControlNames.TextOnly,
            Level = 0,
            NegativePrompt = environment.HasNegativePrompt ? environment.NegativePrompt : order.Options.NegativePrompt,
        };
        await client!.GenerateAsync(
            new()
            {
                Video = clip.Source,
                Options = surroundings,
                Energy = new(follows ? curve.Apply(EnvironmentLayer.Envelope, cancellation) : curve, result.Video),
                Sink = behind.WriteAsync,
            },
            progress,
            cancellation);
        await behind.CompleteAsync();
        return sound with
        {
            Environment = behind,
            Guard = sound.Guard is { } guard
                ? guard with { Environment = CandidateJudge.Hear(Hearing()!, behind.Sound, cancellation) }
                : null,
        };
    }

    /// <summary>Writes an only sound while it is made. Its files appear when it has been heard.</summary>
    async Task<FileMade> StreamAsync(
        SoundOrder order, VideoClip clip, PlacedClip? placed, SoundFiles files, FileMaking making, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        var (unwanted, listens) = (UnwantedKinds.Of(order.Options), Hearing() is not null);
        await using var own = making.Layers is null && listens ? new SoundLayers() : null;
        var (layers, delivery) = (making.Layers ?? own, DeliveryFormat.Of(order, files.Output));
        GenerateResult? first = null;
        var (chosen, guard) = await GuardedTries.RunAsync(order.Options, clip.Facts.Duration, MakeAsync, DiscardAsync);
        var sha256 = chosen.Sha256
            ?? await StreamedSound.ReplayAsync(chosen.Kept!, chosen.Result, clip, files, delivery, cancellation);
        return await SoundFileWriter.DescribeAsync(
            order, clip, files, making, new(chosen.Result, [], null) { References = placed?.References.Used, Guard = guard }, sha256,
            finish: null);

        async Task<((GenerateResult Result, string? Sha256, SoundLayer? Kept) Made, GuardReport? Report)> MakeAsync(
            int number, ulong seed, bool isLast)
        {
            var kept = layers?.Create(number == 0 ? "sound" : $"sound-{number}", decibels: 0);
            var request = Again(Request(order, clip, placed, Discard), seed, candidates: 1, first);
            var (result, sha256, heard) = await StreamedSound.MakeAsync(
                client!, request, clip, files, delivery, kept, Hearing()?.Listen(), heard => !isLast && heard.Has(unwanted), progress,
                cancellation);
            result = Joined(first, result);
            first ??= result;
            return ((result, sha256, kept), heard);
        }

        async ValueTask DiscardAsync((GenerateResult Result, string? Sha256, SoundLayer? Kept) one)
        {
            if (one.Kept is { } kept)
                await layers!.RemoveAsync(kept);
        }
    }

    /// <summary>The guard, if it can hear voices and music.</summary>
    SoundGuard? Hearing() => Guard?.Invoke() is { Name: not null } guard ? guard : null;

    /// <summary>A request with another seed. The energy of the first try spares it the video.</summary>
    static GenerateRequest Again(GenerateRequest request, ulong seed, int candidates, GenerateResult? first) => first is null
        ? request
        : request with
        {
            Options = new(request.Options) { Seed = seed, Candidates = candidates },
            Energy = new(EnergyCurve.Of([.. first.Energy]), first.Video) { Descriptors = first.Descriptors },
            Edits = [],
        };

    /// <summary>The result of a further try, with what only the first one knows.</summary>
    static GenerateResult Joined(GenerateResult? first, GenerateResult result) => first is null ? result : result with
    {
        PredictedEnergy = first.PredictedEnergy,
        Descriptors = first.Descriptors,
        Stages = first.Stages,
        Summaries = [.. first.Summaries.Where(one => result.Summaries.All(other => other.Stage != one.Stage)), .. result.Summaries],
        Elapsed = first.Elapsed + result.Elapsed,
        FirstSoundAfter = first.FirstSoundAfter,
    };

    /// <summary>Samples the candidates and ranks them, and tries fresh seeds if something unwanted is in all of them.</summary>
    async Task<MadeSound> SampleAsync(
        SoundOrder order, VideoClip clip, PlacedClip? placed, SoundLayers layers, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        GenerateResult? first = null;
        var (chosen, guard) = await GuardedTries.RunAsync(order.Options, clip.Facts.Duration, MakeAsync, DiscardAsync);
        return order.Options.Takes.Count > 0 ? await WithTakesAsync(chosen, guard) : chosen with { Guard = guard };

        async Task<(MadeSound Made, GuardReport? Report)> MakeAsync(int number, ulong seed, bool isLast)
        {
            var request = Again(Request(order, clip, placed, Discard), seed, candidates: 1, first);
            var made = await SampleAsync(request, number == 0 ? "" : $"-of-{number}", layers, progress, cancellation);
            first ??= made.Result;
            made = made with { Result = number == 0 ? made.Result : Joined(first, made.Result), References = placed?.References.Used };
            return (made, made.Candidates[0].Guard);
        }

        // The seed is that of the sound without its takes, so that they change nothing outside.
        async Task<MadeSound> WithTakesAsync(MadeSound made, GuardUsed? guard)
        {
            await DiscardAsync(made);
            var (seed, candidates) = guard is { IsFresh: true }
                ? (guard.Tries[guard.Chosen].Seed, 1)
                : (order.Options.Seed, order.Options.Candidates);
            var request = Again(Request(order, clip, placed, Discard), seed, candidates, first);
            var layered = await SampleAsync(request, "-with-takes", layers, progress, cancellation, order.Options.Takes);
            return layered with
            {
                Result = Joined(first, layered.Result),
                References = placed?.References.Used,
                Guard = layered.Candidates[0].Guard is { } heard ? guard! with { Report = heard } : guard,
            };
        }

        async ValueTask DiscardAsync(MadeSound made)
        {
            foreach (var candidate in made.Candidates)
                await layers.RemoveAsync(candidate.Sound);
        }
    }

    /// <summary>Samples all candidates in one batch, and ranks them.</summary>
    /// <param name="request">Its sinks are replaced here.</param>
    /// <param name="suffix">Of the layers' names.</param>
    /// <param name="takes">Parts that are made with other options, over the sound.</param>
    async Task<MadeSound> SampleAsync(
        GenerateRequest request, string suffix, SoundLayers layers, IProgress<GenerateProgress>? progress, CancellationToken cancellation,
        IReadOnlyList<string>? takes = null)
    {
        // :: Step 1
        var (options, count) = (request.Options, Math.Max(1, request.Options.Candidates));
        SoundLayer[] sounds =
            [.. Enumerable.Range(0, count).Select(candidate => layers.Create($"candidate-{candidate}{suffix}", decibels: 0))];
        request = request with
        {
            Sink = sounds[0].WriteAsync,
            FurtherSinks = [.. sounds.Skip(1).Select(sound => (WaveSink)sound.WriteAsync)],
        };
        if (takes is { Count: > 0 })
            request = await new TakeMaker(client!).MakeAsync(request, takes, request.Video, progress, cancellation);
        var result = await client!.GenerateAsync(request, progress, cancellation);
        var curve = EnergyCurve.Of([.. result.Energy]);
        foreach (var sound in sounds)
            await sound.CompleteAsync();

        // :: Step 2
        var guard = Hearing();
        return new(
            result,
            RankedCandidate.BestFirst(
                sounds.Select((sound, candidate) => new RankedCandidate(candidate, count == 1 ? null : Scores(sound), sound)
                {
                    Guard = guard is null ? null : CandidateJudge.Hear(guard, sound.Sound, cancellation),
                }),
                UnwantedKinds.Of(options)),
            null);

        CandidateScores Scores(SoundLayer sound)
        {
            var scores = judge().Score(sound.Sound, curve, options.Prompt, cancellation);
            return options.Control == ControlNames.TextOnly ? scores.WithoutCurve() : scores;
        }
    }

    /// <summary>Places the caller's own recordings; null if there are none.</summary>
    Task<PlacedClip?> PlaceAsync(
        SoundOrder order, VideoClip clip, ReferencesUsed? given, ReferenceFiles files, IProgress<GenerateProgress>? progress,
        CancellationToken cancellation) =>
        new RecordingPlacer(client, files).PlaceAsync(order, Request(order, clip, Discard), clip, given, progress, cancellation);

    /// <summary>
    /// Lists in one line which parts of the video the file cannot hold. Null if it holds everything, or holds sound alone.
    /// </summary>
    /// <exception cref="InputFault">The file cannot hold the picture. The message names formats that can.</exception>
    public static string? ThrowUnlessHeld(VideoClip clip, SoundFiles files)
    {
        if (files.SoundOnly || files.Layer.Length > 0)
            return null;
        Muxer.ThrowUnlessHeld(clip.Facts, files.Output);
        return Muxer.LeftOut(clip.Facts, files.Output);
    }

    /// <exception cref="InputFault">The output is one layer alone, but there is no such layer or the output is not a WAV file.</exception>
    static void ThrowUnlessLayer(SoundOrder order, SoundFiles files)
    {
        if (files.Layer.Length == 0)
            return;
        string[] layers = order.Environment is null ? ["primary"] : ["primary", "environment"];
        if (!layers.Contains(files.Layer))
            throw InputFault.Invalid("stem", $"must be one of {string.Join(", ", layers)}");
        if (!Path.GetExtension(files.Output).Equals(".wav", StringComparison.OrdinalIgnoreCase))
            throw InputFault.Invalid("format", $"of a stem must be wav, but is {Path.GetExtension(files.Output).TrimStart('.')}");
    }

    static GenerateRequest Request(SoundOrder order, VideoClip clip, PlacedClip? placed, WaveSink sink) => placed is null
        ? Request(order, clip, sink)
        : Request(order, clip, sink) with { Energy = placed.Energy, Edits = [], Start = placed.References.Start };

    static GenerateRequest Request(SoundOrder order, VideoClip clip, WaveSink sink) => new()
    {
        Video = clip.Source,
        Options = OptionsOf(order),
        Energy = order.Curve is null ? clip.Known : new KnownEnergy(order.Curve.ToCurve(), clip.Facts.ToVideoInfo())
        {
            Descriptors = PredictedDescriptors.None with { Cuts = clip.Known?.Descriptors.Cuts ?? [] },
            CutsOfPicture = clip.Known is null,
        },
        Edits = order.Edits.ToEdits(),
        Sink = sink,
    };

    /// <summary>The options of the sound without its takes, which are made apart.</summary>
    static GenerateOptions OptionsOf(SoundOrder order)
    {
        if (order.Options.Takes.Count == 0)
            return order.Options;
        var options = order.Options.Clone();
        options.Takes.Clear();
        return options;
    }

    static ValueTask Discard(ReadOnlyMemory<float> samples, CancellationToken cancellation) => ValueTask.CompletedTask;
}
