namespace Rewas.EnergyPredictor;

/// <summary>
/// Finds onsets in the scores of tokens. One onset raises several neighbouring scores. Only the highest counts, because adjacent onsets
/// would mean one long onset.
/// </summary>
static class OnsetPeaks
{
    /// <summary>
    /// Returns 1 at each token with at least the least score and a score above its neighbours', and 0 elsewhere. Of equal scores, the last
    /// counts.
    /// </summary>
    /// <param name="scores">[N].</param>
    /// <param name="least">Least score of an onset.</param>
    public static float[] Of(ReadOnlySpan<float> scores, float least)
    {
        var peaks = new float[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var before = i > 0 ? scores[i - 1] : float.NegativeInfinity;
            var after = i + 1 < scores.Length ? scores[i + 1] : float.NegativeInfinity;
            peaks[i] = scores[i] >= least && scores[i] >= before && scores[i] > after ? 1 : 0;
        }
        return peaks;
    }
}
