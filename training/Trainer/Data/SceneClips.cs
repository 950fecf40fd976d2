using Rewas.Networks;
using Rewas.Scenes;

namespace Rewas.Trainer.Data;

/// <summary>Clips of procedural scenes: picture and sound of the same simulated events.</summary>
sealed class SceneClips(IReadOnlyList<string> kinds, ClipTiming timing, bool withFrames) : IClipSource
{
    /// <summary>Seeds from here on belong to clips that training never sees.</summary>
    const ulong HeldOut = 1UL << 62;

    public TrainingClip Make(ulong seed) => Make(SceneCatalog.KindOf(seed, kinds), seed);

    /// <summary>Clips that training never sees, all kinds in turn.</summary>
    public TrainingClip[] MakeHeldOut(int count) => [.. Enumerable.Range(0, count).Select(i => Make(kinds[i % kinds.Count], HeldOut + (ulong)i))];

    TrainingClip Make(string kind, ulong seed)
    {
        var scene = SceneCatalog.Create(kind, seed);
        return TrainingClip.From(kind, scene.Captions, withFrames ? SceneCatalog.RenderFrames(scene, timing.FrameSize) : [], scene.RenderWave(), timing);
    }
}
