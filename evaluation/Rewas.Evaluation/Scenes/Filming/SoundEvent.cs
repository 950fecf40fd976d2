namespace Rewas.Evaluation.Scenes.Filming;

/// <summary>
/// What makes the sound, and when. Scenes of single events (impacts, drops, steps) have one entry per event. Scenes of continuous sound
/// (rain, engine) sample their intensity every <see cref="Scene.ContinuousEventSeconds"/>. Scenes with both (a rolling ball that bumps, a
/// door) have both.
/// </summary>
/// <param name="TimeSeconds">Time since the scene's start, seconds.</param>
/// <param name="Strength">0 (inaudible) to 1 (as loud as the kind gets).</param>
public readonly record struct SoundEvent(double TimeSeconds, double Strength);
