namespace Rewas.Placement;

/// <summary>A sound of its own within a recording: a hit, a step, a bark. All in samples at 16 kHz.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Attack">Where it is heard to begin, to the sample.</param>
/// <param name="TailEnd">After its tail.</param>
/// <param name="End">Where the next one begins, or the recording ends. Between them lies what is heard behind it.</param>
/// <param name="PeakFrame">Frame of its loudest moment.</param>
/// <param name="Peak">Energy there, nepers.</param>
/// <param name="Fall">How far it dies away before the next one, nepers.</param>
readonly record struct SoundEvent(int Start, int Attack, int TailEnd, int End, int PeakFrame, float Peak, float Fall);
