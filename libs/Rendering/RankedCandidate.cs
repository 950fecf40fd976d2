using Rewas.Rendering.Guards;

namespace Rewas.Rendering;

/// <param name="Candidate">Index of the candidate in sampling order, from 0.</param>
/// <param name="Scores">Null for an only candidate.</param>
public sealed record RankedCandidate(int Candidate, CandidateScores? Scores, SoundLayer Sound)
{
    /// <summary>Totals that are equal to four digits count as equal, so that the machine's arithmetic does not decide.</summary>
    const int Digits = 4;

    /// <summary>What the guard heard; null if it did not listen.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>Sorts by total. Equal candidates stay in sampling order.</summary>
    /// <param name="unwanted">Candidates in which one of these kinds is heard come last.</param>
    public static IReadOnlyList<RankedCandidate> BestFirst(
        IEnumerable<RankedCandidate> candidates, IReadOnlyCollection<string>? unwanted = null) =>
        [
            .. candidates.OrderBy(candidate => candidate.Guard?.Has(unwanted ?? []) is true)
                .ThenByDescending(candidate => Math.Round(candidate.Scores?.Total ?? 0, Digits))
                .ThenBy(candidate => candidate.Candidate),
        ];
}

/// <summary>How well a sound matches its order.</summary>
/// <param name="Similarity">Cosine of the embeddings of text and sound, -1 to 1, averaged over windows. Null if the bundle has no audio
/// encoder.</param>
/// <param name="EnergyError">Mean absolute difference between the sound's energy and the curve, natural-log mel. Null if the sound
/// follows no curve.</param>
/// <param name="OnsetAgreement">F1 score of the sound's onsets against the curve's steep rises. Null if neither has any, or
/// there is no curve.</param>
/// <param name="Clipping">Fraction of samples at full scale.</param>
/// <param name="Hum">Level of the strongest lasting tone above its neighbours, dB.</param>
public sealed record CandidateScores(double? Similarity, double? EnergyError, double? OnsetAgreement, double Clipping, double Hum)
{
    /// <summary>Many sounds have a tone that stands out less than this. Such tones are not penalised.</summary>
    const double HumDecibels = 12;

    /// <summary>
    /// The score for ranking: similarity, minus a quarter of the energy error, plus a quarter of the onset agreement, minus 10 times the
    /// clipped fraction, minus 1/100 for each decibel of hum above 12. The weights are chosen, not tuned: an audible change of any term
    /// counts about the same.
    /// </summary>
    public double Total =>
        (Similarity ?? 0) - 0.25 * (EnergyError ?? 0) + 0.25 * (OnsetAgreement ?? 0)
        - 10 * Clipping - 0.01 * Math.Max(0, Hum - HumDecibels);

    /// <summary>The scores of a sound that follows no curve.</summary>
    public CandidateScores WithoutCurve() => this with { EnergyError = null, OnsetAgreement = null };
}
