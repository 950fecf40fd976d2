using Rewas.Scenes;

namespace Rewas.Trainer.Data;

/// <summary>All that a training draws from: procedural scenes, and recordings where a folder of them is given.</summary>
sealed class TrainingData
{
    const ulong HeldOut = 1UL << 62;
    const int ScenesForCaptions = 4000;

    readonly TrainingConfig config;
    readonly SceneClips soundScenes;
    readonly RecordedClips? heldOutRecordings;
    readonly IReadOnlyList<string> recordedCaptions = [];

    /// <param name="config">Kinds of scene, share of recordings.</param>
    /// <param name="recordings">Null: none.</param>
    /// <param name="captions">For their labels.</param>
    public TrainingData(TrainingConfig config, IReadOnlyList<Recording>? recordings, CaptionBook captions)
    {
        this.config = config;
        Pictures = new SceneClips(config.Kinds, config.Timing, withFrames: true);
        Sounds = soundScenes = new SceneClips(config.Kinds, config.Timing, withFrames: false);
        if (recordings is null)
            return;
        var (training, heldOut) = RecordingFolder.Split(recordings);
        Sounds = new MixedClips(soundScenes, new RecordedClips(training, captions, config.Timing), config.RecordingShare);
        heldOutRecordings = new RecordedClips(heldOut, captions, config.Timing);
        recordedCaptions = [.. training.Select(r => r.Label).Distinct().SelectMany(captions.Of)];
    }

    /// <summary>Scenes with their picture.</summary>
    public SceneClips Pictures { get; }

    /// <summary>Sounds alone: scenes, and recordings at their share.</summary>
    public IClipSource Sounds { get; }

    /// <summary>Scenes that training never sees, without picture.</summary>
    public TrainingClip[] HeldOutScenes(int count) => soundScenes.MakeHeldOut(count);

    /// <summary>Clips of recordings that training never sees; none without recordings.</summary>
    public TrainingClip[] HeldOutRecordings(int count) =>
        heldOutRecordings is null ? [] : [.. Enumerable.Range(0, count).Select(i => heldOutRecordings.Make(HeldOut + (ulong)i))];

    /// <summary>Prompts that occur in training.</summary>
    public IEnumerable<string> Captions() =>
        Enumerable.Range(0, ScenesForCaptions).Select(i => config.Seed + (ulong)i)
            .SelectMany(seed => SceneCatalog.Create(SceneCatalog.KindOf(seed, config.Kinds), seed).Captions)
            .Concat(recordedCaptions).Distinct();
}
