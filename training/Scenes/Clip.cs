namespace Rewas.Scenes;

/// <summary>
/// What makes the sound, and when. Scenes of single events (impacts, drops, steps) have one entry per event. Scenes of continuous sound
/// (rain, engine) sample their intensity every <see cref="Scene.ContinuousEventSeconds"/>. Scenes with both (a rolling ball that bumps, a
/// door) have both.
/// </summary>
/// <param name="TimeSeconds">Time since the scene's start, seconds.</param>
/// <param name="Strength">0 (inaudible) to 1 (as loud as the kind gets).</param>
public readonly record struct SoundEvent(double TimeSeconds, double Strength);

/// <summary>One window of training data: a rendered scene with everything that is known about it.</summary>
/// <param name="Kind">Name of the kind in <see cref="SceneCatalog.Kinds"/>.</param>
/// <param name="Caption">One of <paramref name="Captions"/>, chosen by the seed.</param>
/// <param name="Captions">Paraphrases that are all true of this clip.</param>
/// <param name="Frames">[128, N, N, 3] RGB u8, 25 frames per second.</param>
/// <param name="Wave">[81920] 16 kHz mono, mean-free, peak at most 0.9.</param>
/// <param name="Events">In order of time.</param>
public sealed record Clip(
    string Kind, string Caption, IReadOnlyList<string> Captions, byte[] Frames, float[] Wave, IReadOnlyList<SoundEvent> Events);
