using Rewas.Audio;
using Rewas.Networks;
using Rewas.Scenes;

namespace Rewas.Trainer;

/// <summary>A scene with what the networks learn from it.</summary>
/// <param name="Kind">Kind of scene.</param>
/// <param name="Captions">Prompts that are true of it.</param>
/// <param name="Frames">[128, N, N, 3] u8; empty when the pool renders no picture.</param>
/// <param name="Wave">[81920], mean-free, peak 0.5.</param>
/// <param name="LogMel">[512, 64].</param>
/// <param name="TokenEnergy">[tokens per window]: what phi is to predict.</param>
/// <param name="Control">[512]: what the adapter is given.</param>
sealed record TrainingClip(string Kind, IReadOnlyList<string> Captions, byte[] Frames, float[] Wave, float[] LogMel, float[] TokenEnergy, float[] Control)
{
    public static TrainingClip From(Scene scene, byte[] frames, ClipTiming timing)
    {
        var wave = scene.RenderWave();
        Loudness.NormaliseForTraining(wave);
        var logMel = MelSpectrogram.LogMel(wave);
        var energy = Energy.OfLogMel(logMel);
        return new(scene.Kind, scene.Captions, frames, wave, logMel, Energy.ToTokens(energy, timing), Energy.Control(energy, timing));
    }
}

/// <summary>
/// Clips held ready for training, of which some are replaced by new ones at every step. What the pool holds at a step, and which clips
/// a step sees, follow from the seed and the step alone.
/// </summary>
sealed class ClipPool
{
    /// <summary>Seeds from here on belong to clips that training never sees.</summary>
    public const ulong HeldOut = 1UL << 62;

    readonly ClipTiming timing;
    readonly IReadOnlyList<string> kinds;
    readonly bool withFrames;
    readonly ulong seed;
    readonly double renewedPerStep;
    readonly TrainingClip?[] clips;
    long rendered;

    public ClipPool(TrainingConfig config, StageConfig stage, bool withFrames)
    {
        (timing, kinds, this.withFrames, seed, renewedPerStep) = (config.Timing, config.Kinds, withFrames, config.Seed, stage.RenewedPerStep);
        clips = new TrainingClip?[stage.PoolClips];
    }

    /// <summary>The clips of a step, with the random numbers that the step may use for crops and drops.</summary>
    public (TrainingClip[] Clips, Random Random) Draw(int step, int batch)
    {
        // Slot i holds the newest clip whose number is i modulo the pool's size: the same after a resume as without one.
        var newest = clips.Length + (long)(step * renewedPerStep);
        for (var number = Math.Max(rendered, newest - clips.Length); number < newest; number++)
            clips[number % clips.Length] = Render(seed + (ulong)number);
        rendered = newest;
        var random = new Random(HashCode(step));
        return ([.. Enumerable.Range(0, batch).Select(_ => clips[random.Next(clips.Length)]!)], random);
    }

    /// <summary>Clips that training never sees, all kinds in turn.</summary>
    public static TrainingClip[] RenderHeldOut(TrainingConfig config, int count, bool withFrames) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            var kind = config.Kinds[i % config.Kinds.Count];
            return Render(kind, HeldOut + (ulong)i, config.Timing, withFrames);
        })];

    TrainingClip Render(ulong clip) => Render(SceneCatalog.KindOf(clip, kinds), clip, timing, withFrames);

    static TrainingClip Render(string kind, ulong clip, ClipTiming timing, bool withFrames) =>
        TrainingClip.From(SceneCatalog.Create(kind, clip), withFrames ? SceneCatalog.Render(kind, clip, timing.FrameSize).Frames : [], timing);

    int HashCode(int step) => (int)((seed + (ulong)step) * 0x9E3779B97F4A7C15 >> 33);
}
