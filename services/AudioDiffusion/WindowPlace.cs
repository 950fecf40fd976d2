namespace Rewas.AudioDiffusion;

/// <summary>Position of a window.</summary>
/// <param name="Number">Index in the sound, from 0.</param>
/// <param name="Start">First mel frame.</param>
/// <param name="InScene">Index in its scene, from 0.</param>
public readonly record struct WindowPlace(int Number, long Start, int InScene);
