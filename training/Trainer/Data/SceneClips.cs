using Rewas.Networks;
using Rewas.Scenes;

namespace Rewas.Trainer.Data;

/// <summary>Clips of procedural scenes: picture and sound of the same simulated events.</summary>
sealed class SceneClips(IReadOnlyList<string> kinds, ClipTiming timing, bool withFrames) : IClipSource
{
    /// <summary>Seeds from here on belong to clips that training never sees.</summary>
    const ulong HeldOut = 1UL << 62;

    /// <summary>Seeds from here on belong to clips that no step of the training draws, but that may be fitted to.</summary>
    const ulong Others = 1UL << 61;

    public TrainingClip Make(ulong seed) => Make(SceneCatalog.KindOf(seed, kinds), seed);

    /// <summary>Clips that training never sees, all kinds in turn, each with its picture as the platform sees a video's.</summary>
    public TrainingClip[] MakeHeldOut(int count) => [.. MakeSeen(count, HeldOut)];

    /// <summary>Clips beside those that training draws, likewise.</summary>
    public IEnumerable<TrainingClip> MakeOthers(int count) => MakeSeen(count, Others);

    IEnumerable<TrainingClip> MakeSeen(int count, ulong from) => Enumerable.Range(0, count).Select(i =>
    {
        var (kind, seed) = (kinds[i % kinds.Count], from + (ulong)i);
        return Make(kind, seed, _ => withFrames ? SeenScene.RenderAsync(kind, seed, timing).GetAwaiter().GetResult() : []);
    });

    TrainingClip Make(string kind, ulong seed) => Make(kind, seed, scene => withFrames ? SceneCatalog.RenderFrames(scene, timing.FrameSize) : []);

    TrainingClip Make(string kind, ulong seed, Func<Scene, byte[]> render)
    {
        var scene = SceneCatalog.Create(kind, seed);
        return TrainingClip.From(kind, scene.Captions, render(scene), scene.RenderWave(), timing);
    }
}
