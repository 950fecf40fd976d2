namespace Rewas.Rendering;

/// <param name="Candidate">Candidate, from 0, as it was sampled.</param>
/// <param name="Scores">Null where it has none to be compared with.</param>
/// <param name="Sound">Its samples.</param>
public sealed record RankedCandidate(int Candidate, CandidateScores? Scores, SoundLayer Sound)
{
    /// <summary>Totals that differ by less are equal: the machine's arithmetic must not decide.</summary>
    const int Digits = 4;

    /// <summary>By their totals; of equal ones the first that was sampled.</summary>
    public static IReadOnlyList<RankedCandidate> BestFirst(IEnumerable<RankedCandidate> candidates) =>
        [
            .. candidates.OrderByDescending(candidate => Math.Round(candidate.Scores?.Total ?? 0, Digits))
                .ThenBy(candidate => candidate.Candidate),
        ];
}

/// <summary>How well a sound is what was asked for.</summary>
/// <param name="Similarity">Cosine of the embeddings of text and sound, -1 to 1, mean of its windows; null where the bundle has no encoder
/// of sound.</param>
/// <param name="EnergyError">Mean absolute difference of the sound's energy from the curve, natural-log mel.</param>
/// <param name="OnsetAgreement">F1 of its onsets and of the curve's steep rises; null where neither has any.</param>
/// <param name="Clipping">Part of its samples that are at full scale.</param>
/// <param name="Hum">By how much the strongest lasting tone stands above its neighbours, dB.</param>
public sealed record CandidateScores(double? Similarity, double EnergyError, double? OnsetAgreement, double Clipping, double Hum)
{
    /// <summary>A tone that stands out less belongs to many sounds.</summary>
    const double HumDecibels = 12;

    /// <summary>
    /// What ranks: similarity, less a quarter of the energy error, plus a quarter of the onset agreement, less 10 for each part of the
    /// samples that clip, less 1/100 for each decibel of hum above 12. Chosen, not tuned: a step of each that can be heard weighs about as
    /// much.
    /// </summary>
    public double Total =>
        (Similarity ?? 0) - 0.25 * EnergyError + 0.25 * (OnsetAgreement ?? 0) - 10 * Clipping - 0.01 * Math.Max(0, Hum - HumDecibels);
}
