namespace Rewas.Sound;

/// <summary>The start of a sound.</summary>
/// <param name="Seconds">From the start of the clip.</param>
/// <param name="Strength">Mean rise over the mel bins in one hop, dB, from 0 to 80.</param>
public readonly record struct Onset(double Seconds, float Strength);
