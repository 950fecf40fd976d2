using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Comparison;
using Rewas.Evaluation.Features;
using Rewas.Evaluation.Figures;
using Rewas.Evaluation.Metrics;
using Rewas.Evaluation.Motion;
using Rewas.Evaluation.Reports;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Evaluation.Synchrony;
using Rewas.Rendering;

namespace Rewas.Evaluation.Tables;

/// <summary>The clips that a process takes: every N-th one.</summary>
/// <param name="Number">1 to <paramref name="Of"/>.</param>
public readonly record struct Shard(int Number, int Of)
{
    public static readonly Shard Whole = new(1, 1);

    /// <exception cref="InputFault">The text is not I/N with I from 1 to N.</exception>
    public static Shard Parse(string text) =>
        text.Split('/') is [var number, var of] && int.TryParse(number, out var i) && int.TryParse(of, out var n)
        && i >= 1 && i <= n && n <= 10_000
            ? new(i, n)
            : throw InputFault.Invalid("shard", $"must be I/N with I from 1 to N, but is '{text}'");

    public bool Takes(int clip) => clip % Of == Number - 1;
}

/// <summary>
/// Evaluates models: each makes sound for every clip, every sound is measured, and all figures are computed from stored measurements. An
/// interrupted evaluation therefore resumes, shards may run anywhere, and the report is identical byte for byte.
/// </summary>
/// <param name="models">Names of the models and their sound makers.</param>
/// <param name="networks">Networks whose features are compared; may be empty.</param>
/// <param name="similarities">Measures of how well a sound fits a clip's description; may be empty.</param>
/// <param name="seed">Seed of the first clip. Each further clip has the next seed.</param>
/// <param name="motion">Motion of a video's picture into each frame at 25 per second: <see cref="MotionCurve.ReadAsync"/>.</param>
public sealed class TableEvaluation(
    EvaluationSet set,
    IReadOnlyList<(string Name, ISoundMaker Maker)> models,
    IReadOnlyList<IFeatureNetwork> networks,
    IReadOnlyList<TextSimilarity> similarities,
    string folder,
    long seed,
    Func<string, CancellationToken, Task<IReadOnlyList<double>>> motion)
{
    /// <summary>Judges synchrony; null measures none.</summary>
    public SyncMeter? Sync { get; init; }

    /// <summary>What follows in a clip is not measured. Null: the whole clip is.</summary>
    public TimeSpan? Longest { get; init; }

    /// <param name="players">Number of clips that become examples.</param>
    /// <param name="parallel">Clips processed at once. It does not affect the figures.</param>
    /// <param name="progress">Sounds measured so far, and the total of this shard.</param>
    /// <param name="cancellation">Finished work is kept.</param>
    /// <returns>The report, or null while clips of other shards are missing.</returns>
    /// <exception cref="InputFault">The folder holds another evaluation, or a clip cannot be read.</exception>
    public async Task<(EvaluationReport Report, IReadOnlyList<Example> Examples)?> RunAsync(
        Shard shard, int players, int parallel, IProgress<(int Done, int Total)> progress, CancellationToken cancellation)
    {
        var plan = new TablePlan(
            set.Name, set.Clips.Count, seed,
            new(models.ToDictionary(model => model.Name, model => model.Maker.Identity), StringComparer.Ordinal), [.. ListenerNames]);
        var (store, meter) = (new TableFolder(folder, plan), new ClipMeter(networks, similarities));
        var mine = Enumerable.Range(0, set.Clips.Count).Where(shard.Takes).ToList();
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
        await Parallel.ForEachAsync(mine, options, async (number, stop) =>
            await MeasureAsync(
                number, store, meter, () => progress.Report((Interlocked.Increment(ref done), mine.Count * models.Count)), stop));
        return IsComplete(store) ? (Report(store), await ExamplesAsync(store, players, cancellation)) : null;
    }

    IEnumerable<string> ListenerNames =>
        [
            .. networks.Select(network => network.Name), .. similarities.Select(similarity => similarity.Name),
            .. Sync is null ? Array.Empty<string>() : [Sync.Name],
            .. Longest is { } longest ? [FormattableString.Invariant($"the first {longest.TotalSeconds} s")] : Array.Empty<string>(),
        ];

    float[] Cut(float[] samples) =>
        Longest is { } longest ? samples[..(int)Math.Min(samples.Length, longest.TotalSeconds * ClipTiming.SampleRate)] : samples;

    async Task MeasureAsync(int number, TableFolder store, ClipMeter meter, Action tell, CancellationToken cancellation)
    {
        var clip = set.Clips[number];
        float[]? real = null;
        (IReadOnlyList<double>, double)? motionPeaks = null;
        IReadOnlyDictionary<string, SoundFeatures>? realFeatures = null;
        IReadOnlyList<float[]>? seen = null;
        foreach (var (name, maker) in models)
        {
            if (store.ReadMeasures(name, clip.Name) is null)
            {
                var video = await clip.VideoAsync(store.Videos, cancellation);
                if (!store.HasSound(name, clip.Name))
                {
                    var sound = await maker.MakeAsync(video, clip.Prompt, seed + number, cancellation);
                    await store.WriteSoundAsync(name, clip.Name, sound, cancellation);
                }
                real ??= await clip.SoundAsync(cancellation) is { } whole ? Cut(whole) : null;
                if (real is not null)
                    realFeatures ??= meter.Features(real, cancellation);
                motionPeaks ??= (
                    [
                        .. AudioVideoAlignment.MotionPeaks(await motion(video, cancellation), ClipTiming.FrameRate)
                            .Where(second => Longest is not { } longest || second < longest.TotalSeconds),
                    ], ClipTiming.FrameRate);
                var generated = Cut(await store.ReadSoundAsync(name, clip.Name, cancellation));
                if (Sync is not null)
                    seen ??= await Sync.SeeAsync(video, Longest ?? TimeSpan.FromDays(1), cancellation);
                store.WriteMeasures(name, meter.Measure(
                    clip.Name, real, generated, realFeatures, motionPeaks, clip.Description, store.ReadFollowedPrompt(name, clip.Name),
                    Sync?.DeSync(seen!, generated, cancellation), cancellation));
            }
            tell();
        }
    }

    bool IsComplete(TableFolder store) => models.All(model => set.Clips.All(clip => store.ReadMeasures(model.Name, clip.Name) is not null));

    EvaluationReport Report(TableFolder store)
    {
        var systems = models.Select(model =>
        {
            var measures = set.Clips.Select(clip => store.ReadMeasures(model.Name, clip.Name)!).ToList();
            return new SystemResult(model.Name, SystemFigures.Of(measures), measures);
        }).ToList();
        return new(
            $"Evaluation on {set.Name}",
            [
                .. set.Notes,
                $"{set.Clips.Count} clips, seeds {seed} to {seed + set.Clips.Count - 1}.",
                .. models.Select(model => $"{model.Name}: {model.Maker.Identity}."),
                networks.Count > 0
                    ? $"Networks: {string.Join("; ", ListenerNames)}. Figures of different networks are not comparable with each other."
                    : "No network was given (--features), so there is no Frechet distance, inception score or KL.",
            ],
            systems);
    }

    async Task<IReadOnlyList<Example>> ExamplesAsync(TableFolder store, int players, CancellationToken cancellation)
    {
        var examples = new List<Example>();
        foreach (var clip in set.Clips.Take(players))
        {
            var sounds = new List<(string, float[])>();
            if (await clip.SoundAsync(cancellation) is { } real)
                sounds.Add(("true sound", real));
            foreach (var (name, _) in models)
                sounds.Add((name, await store.ReadSoundAsync(name, clip.Name, cancellation)));
            examples.Add(new($"{clip.Name}: {clip.Prompt}", sounds));
        }
        return examples;
    }
}
