namespace Rewas.Library.Measuring;

/// <summary>What was measured of a recording.</summary>
/// <param name="Seconds">How much of it was read.</param>
/// <param name="ReachedEnd">That was all of it.</param>
/// <param name="Loudness">LUFS; null for silence.</param>
/// <param name="OnsetsPerSecond">How often something sets in.</param>
/// <param name="Course">How its energy goes.</param>
/// <param name="Wave">Mono, 16 kHz, peak 0.5; empty for silence.</param>
sealed record MeasuredSound(double Seconds, bool ReachedEnd, double? Loudness, double OnsetsPerSecond, EnergyCourse Course,
    ReadOnlyMemory<float> Wave);
