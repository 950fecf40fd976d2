namespace Rewas.Sound.Placement;

/// <summary>A separate sound in a recording: a hit, a step, a bark. Positions are samples at 16 kHz.</summary>
/// <param name="Start">Start of the sound.</param>
/// <param name="Attack">Where the sound is heard to begin.</param>
/// <param name="TailEnd">End of its tail.</param>
/// <param name="End">Start of the next sound, or end of the recording. Background is heard between TailEnd and End.</param>
/// <param name="Peak">Energy of that frame, nepers.</param>
/// <param name="Fall">Fall of the energy before the next sound, nepers.</param>
readonly record struct SoundEvent(int Start, int Attack, int TailEnd, int End, int PeakFrame, float Peak, float Fall);
