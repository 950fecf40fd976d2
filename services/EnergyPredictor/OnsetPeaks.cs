namespace Rewas.EnergyPredictor;

/// <summary>
/// Onsets from the scores of tokens. What sets in once raises several neighbouring scores, of which the highest counts: onsets side by side would ask for one long one.
/// </summary>
static class OnsetPeaks
{
    /// <summary>1 at each token whose score is at least so high, and higher than its neighbours'; of equal ones, at the last. 0 elsewhere.</summary>
    /// <param name="scores">[N].</param>
    /// <param name="least">Lowest score of an onset.</param>
    public static float[] Of(ReadOnlySpan<float> scores, float least)
    {
        var peaks = new float[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var (before, after) = (i > 0 ? scores[i - 1] : float.NegativeInfinity, i + 1 < scores.Length ? scores[i + 1] : float.NegativeInfinity);
            peaks[i] = scores[i] >= least && scores[i] >= before && scores[i] > after ? 1 : 0;
        }
        return peaks;
    }
}
