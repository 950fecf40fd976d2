namespace Rewas.AudioDiffusion;

/// <summary>Where a window lies.</summary>
/// <param name="Number">Among all windows of the sound, in order of time, from 0.</param>
/// <param name="Start">Its first mel frame.</param>
/// <param name="InScene">Among the windows of its scene, from 0.</param>
public readonly record struct WindowPlace(int Number, long Start, int InScene);
