namespace Rewas.Audio;

/// <summary>Where a sound sets in.</summary>
/// <param name="Seconds">From the start of the clip.</param>
/// <param name="Strength">Mean rise over the mel bins within a frame's hop, dB, from 0 to 80.</param>
public readonly record struct Onset(double Seconds, float Strength);
