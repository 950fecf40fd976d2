namespace Rewas.Library.Measuring;

/// <summary>Measurements of a recording.</summary>
/// <param name="Seconds">Length that was read.</param>
/// <param name="ReachedEnd">True if the whole recording was read.</param>
/// <param name="Loudness">LUFS; null for silence.</param>
/// <param name="Wave">Mono, 16 kHz, peak 0.5; empty for silence.</param>
sealed record MeasuredSound(double Seconds, bool ReachedEnd, double? Loudness, double OnsetsPerSecond, EnergyCourse Course,
    ReadOnlyMemory<float> Wave);
