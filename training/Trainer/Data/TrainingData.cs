using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Trainer.Configuration;

namespace Rewas.Trainer.Data;

/// <summary>All data of a training: procedural scenes, and recordings and filmed videos if they are given.</summary>
sealed class TrainingData
{
    const ulong HeldOut = 1UL << 62;
    const int ScenesForCaptions = 4000;

    readonly TrainingConfig config;
    readonly SceneClips soundScenes, pictureScenes;
    readonly CaptionBook captions, unseenCaptions;
    readonly IReadOnlyList<Recording> training = [], heldOut = [];
    readonly RecordedClips? heldOutRecordings;
    readonly FilmedClips? heldOutFilms;
    readonly IReadOnlyList<string> recordedCaptions = [];
    readonly HashSet<string> recordedLabels = [];
    readonly int workers;

    /// <param name="config">Kinds of scene, and the share of recordings.</param>
    /// <param name="recordings">Recordings, or null.</param>
    /// <param name="unseenCaptions">Other phrases for labels, which training must not see.</param>
    /// <param name="films">Videos with sound and a prompt, or null.</param>
    /// <param name="workers">How many clips are made at the same time, on threads beside the training. 0 uses no such threads.</param>
    public TrainingData(
        TrainingConfig config,
        IReadOnlyList<Recording>? recordings,
        CaptionBook captions,
        CaptionBook unseenCaptions,
        IReadOnlyList<EvaluationClip>? films = null,
        int workers = 0)
    {
        (this.config, this.captions, this.unseenCaptions, this.workers) = (config, captions, unseenCaptions, workers);
        Pictures = pictureScenes = new SceneClips([.. config.Kinds.Except(SceneCatalog.Unseen)], config.Timing, withFrames: true);
        Sounds = soundScenes = new SceneClips(config.Kinds, config.Timing, withFrames: false);
        if (recordings is not null)
        {
            (training, heldOut) = RecordingFolder.Split(recordings);
            Sounds = new MixedClips(Sounds, new RecordedClips(training, captions, config.Timing, config.MixShare), config.RecordingShare);
            heldOutRecordings = new RecordedClips(heldOut, captions, config.Timing, mixProbability: 0);
            recordedLabels = [.. training.Select(r => r.Label)];
            recordedCaptions = [.. training.Select(r => r.Label).Distinct().SelectMany(captions.Of)];
        }
        if (films is not null)
        {
            var (seen, unseen) = FilmedClips.Split(films);
            Pictures = new MixedClips(Pictures, Filmed(seen, withFrames: true), config.FilmShare);
            Sounds = new MixedClips(Sounds, Filmed(seen, withFrames: false), config.FilmShare);
            heldOutFilms = Filmed(unseen, withFrames: true);
            recordedCaptions = [.. recordedCaptions, .. seen.Select(film => film.Prompt).Distinct()];
        }

        FilmedClips Filmed(IReadOnlyList<EvaluationClip> films, bool withFrames) => new(films, config.Timing, withFrames, Console.Error);
    }

    /// <summary>The recordings used for training.</summary>
    public IReadOnlyList<Recording> Recordings => training;

    /// <summary>Clips with their picture: scenes of the kinds that training may see, and films at their share.</summary>
    public IClipSource Pictures { get; }

    /// <summary>Clips without picture: scenes, and recordings and films at their shares.</summary>
    public IClipSource Sounds { get; }

    public ClipPool PoolOf(IClipSource source, StageConfig stage) => new(source, config.Seed, stage, workers);

    /// <summary>Scenes that training never sees, with their picture.</summary>
    public TrainingClip[] HeldOutPictures(int count) => pictureScenes.MakeHeldOut(count);

    /// <summary>Scenes of the training's kinds that the training itself does not draw.</summary>
    public IEnumerable<TrainingClip> OtherPictures(int count) => pictureScenes.MakeOthers(count);

    /// <summary>Films that training never sees; empty without films.</summary>
    public IEnumerable<TrainingClip> HeldOutFilms() => heldOutFilms?.Firsts() ?? [];

    /// <summary>Scenes that training never sees, without picture.</summary>
    public TrainingClip[] HeldOutScenes(int count) => soundScenes.MakeHeldOut(count);

    /// <summary>Clips of recordings that training never sees; empty without recordings.</summary>
    public TrainingClip[] HeldOutRecordings(int count) =>
        heldOutRecordings is null ? [] : [.. Enumerable.Range(0, count).Select(i => heldOutRecordings.Make(HeldOut + (ulong)i))];

    /// <summary>Recordings of some labels, one per clip.</summary>
    /// <exception cref="InputFault">A label has no recordings.</exception>
    public IClipSource RecordingsOf(IReadOnlyCollection<string> labels) =>
        labels.FirstOrDefault(label => training.All(r => r.Label != label)) is { } missing
            ? throw InputFault.Precondition("recordings", $"have no '{missing}', which the classifier is to know")
            : new RecordedClips([.. training.Where(r => labels.Contains(r.Label))], captions, config.Timing, mixProbability: 0);

    /// <summary>Clips of each held-out recording of some labels.</summary>
    public TrainingClip[] HeldOutRecordingsOf(IReadOnlyCollection<string> labels, int clipsEach) =>
        [.. from recording in heldOut
            where labels.Contains(recording.Label)
            let clips = new RecordedClips([recording], captions, config.Timing, mixProbability: 0)
            from i in Enumerable.Range(0, clipsEach)
            select clips.Make(HeldOut + (ulong)i)];

    /// <summary>Prompts for a label: the label, then phrases.</summary>
    public IReadOnlyList<string> CaptionsOf(string label) => captions.Of(label);

    /// <summary>Prompts for a clip of recordings by its kind (one label or two); null for another kind.</summary>
    public IReadOnlyList<string>? CaptionsOfRecorded(string kind) => kind.Split(RecordedClips.Joint) switch
    {
        [var label] when IsRecorded(label) => captions.Of(label),
        [var first, var second] when IsRecorded(first) && IsRecorded(second) => Some(captions.Of(first, second)),
        _ => null,
    };

    // A few of the hundred true captions, evenly spread, because each must be encoded.
    static IReadOnlyList<string> Some(IReadOnlyList<string> captions)
    {
        var step = Math.Max(1, captions.Count / RecordedClips.JoinedCaptions);
        return [.. captions.Where((_, i) => i % step == step / 2)];
    }

    bool IsRecorded(string label) => recordedLabels.Contains(label);

    public IReadOnlyList<string> LabelsWithUnseenCaptions => unseenCaptions.Labels;

    /// <summary>A prompt for a label that does not occur in training.</summary>
    public string UnseenCaptionOf(string label) => unseenCaptions.Of(label)[1];

    /// <summary>Prompts that occur in training.</summary>
    public IEnumerable<string> Captions() =>
        Enumerable.Range(0, ScenesForCaptions).Select(i => config.Seed + (ulong)i)
            .SelectMany(seed => SceneCatalog.Create(SceneCatalog.KindOf(seed, config.Kinds), seed).Captions)
            .Concat(recordedCaptions).Distinct();
}
