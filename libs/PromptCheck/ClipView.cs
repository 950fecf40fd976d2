namespace Rewas.PromptCheck;

/// <summary>CLIP's classification of a picture.</summary>
/// <param name="By">The CLIP weights, as named in captions and evidence.</param>
/// <param name="Labels">All labels with their probabilities, most likely first.</param>
/// <param name="Similarity">Cosine between the picture and the most likely label, averaged over the frames.</param>
/// <param name="Why">Reason for abstaining; empty if it does not abstain.</param>
public sealed record ClipView(string By, IReadOnlyList<(ClipLabel Label, double Probability)> Labels, double Similarity, string Why)
{
    public bool Abstained => Why.Length > 0;

    public ClipLabel Label => Labels[0].Label;

    public double Probability => Labels[0].Probability;

    /// <summary>Turns cosines into a classification.</summary>
    /// <param name="cosines">[frames][labels], labels in the order of <see cref="ClipLabels"/>.</param>
    public static ClipView Of(string by, IReadOnlyList<float[]> cosines, ClipThresholds thresholds)
    {
        const double Scale = 100;                                            // published logit scale
        var (means, similarities) = (new double[ClipLabels.All.Count], new double[ClipLabels.All.Count]);
        foreach (var frame in cosines)
        {
            var highest = frame.Max();
            var powers = frame.Select(cosine => Math.Exp(Scale * (cosine - highest))).ToArray();
            var sum = powers.Sum();
            for (var i = 0; i < means.Length; i++)
                (means[i], similarities[i]) =
                    (means[i] + powers[i] / sum / cosines.Count, similarities[i] + (double)frame[i] / cosines.Count);
        }
        int[] order = [.. Enumerable.Range(0, means.Length).OrderByDescending(i => means[i])];
        var (best, next, similarity) = (means[order[0]], means[order[1]], similarities[order[0]]);
        var why = best < thresholds.LeastProbability
            ? FormattableString.Invariant(
                $"its likeliest label has a probability of {best:0.00}, at least {thresholds.LeastProbability:0.00} is needed")
            : best - next < thresholds.LeastMargin
                ? FormattableString.Invariant(
                    $"its two likeliest labels are {best - next:0.00} apart, at least {thresholds.LeastMargin:0.00} is needed")
            : similarity < thresholds.LeastSimilarity
                ? FormattableString.Invariant(
                    $"its labels do not fit the picture (cosine {similarity:0.00}, at least {thresholds.LeastSimilarity:0.00} is needed)")
            : "";
        return new(by, [.. order.Select(i => (ClipLabels.All[i], means[i]))], similarity, why);
    }
}
