using Rewas.Clip;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.Filming;
using Rewas.Video;

namespace Rewas.Trainer.Data;

/// <summary>Clips of procedural scenes: picture and sound of the same simulated events.</summary>
sealed class SceneClips(IReadOnlyList<string> kinds, ClipTiming timing, bool withFrames) : IClipSource
{
    /// <summary>Seeds from here on are for clips that training never sees.</summary>
    const ulong HeldOut = 1UL << 62;

    /// <summary>Seeds from here on are for clips that no training step draws but that something may be fitted to.</summary>
    const ulong Others = 1UL << 61;

    /// <summary>
    /// Constant rate factors at which <see cref="MakeOthers"/> compresses each scene: a good picture, and one as poor as many films on the
    /// net.
    /// </summary>
    public static IReadOnlyList<int> Qualities { get; } = [VideoWriter.DefaultConstantRateFactor, 32];

    public TrainingClip Make(ulong seed) => Make(SceneCatalog.KindOf(seed, kinds), seed);

    /// <summary>Clips that training never sees, all kinds in turn, each with its picture as the platform sees a video.</summary>
    public TrainingClip[] MakeHeldOut(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MakeSeen(i, HeldOut, VideoWriter.DefaultConstantRateFactor))];

    /// <summary>
    /// Clips outside training, made like <see cref="MakeHeldOut"/>. Each scene comes at every quality, one after another.
    /// </summary>
    public IEnumerable<TrainingClip> MakeOthers(int count) =>
        Enumerable.Range(0, count).Select(i => MakeSeen(i / Qualities.Count, Others, Qualities[i % Qualities.Count]));

    TrainingClip MakeSeen(int number, ulong from, int constantRateFactor)
    {
        var (kind, seed) = (kinds[number % kinds.Count], from + (ulong)number);
        return Make(kind, seed, _ => withFrames ? Seen() : []);

        byte[] Seen() => SeenScene.RenderAsync(kind, seed, constantRateFactor, timing).GetAwaiter().GetResult();
    }

    TrainingClip Make(string kind, ulong seed) =>
        Make(kind, seed, scene => withFrames ? SceneCatalog.RenderFrames(scene, timing.FrameSize) : []);

    TrainingClip Make(string kind, ulong seed, Func<Scene, byte[]> render)
    {
        var scene = SceneCatalog.Create(kind, seed);
        return TrainingClip.From(kind, scene.Captions, render(scene), scene.RenderWave(), timing);
    }
}
