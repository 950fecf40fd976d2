namespace Rewas.Conflict;

/// <summary>What CLIP makes of a picture.</summary>
/// <param name="By">Whose weights: it is named in captions and evidence.</param>
/// <param name="Labels">All of them with their probabilities, the most likely first.</param>
/// <param name="Similarity">Cosine of the picture and the most likely label, mean of the frames.</param>
/// <param name="Why">Why it abstains; empty if it does not.</param>
public sealed record ClipView(string By, IReadOnlyList<(ClipLabel Label, double Probability)> Labels, double Similarity, string Why)
{
    public bool Abstained => Why.Length > 0;

    public ClipLabel Label => Labels[0].Label;

    public double Probability => Labels[0].Probability;

    /// <summary>Reads the answer out of cosines.</summary>
    /// <param name="by">Whose weights.</param>
    /// <param name="cosines">[frames][labels] of pictures and labels, in the order of <see cref="ClipLabels"/>.</param>
    /// <param name="thresholds">When it abstains.</param>
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
                (means[i], similarities[i]) = (means[i] + powers[i] / sum / cosines.Count, similarities[i] + (double)frame[i] / cosines.Count);
        }
        int[] order = [.. Enumerable.Range(0, means.Length).OrderByDescending(i => means[i])];
        var (best, next, similarity) = (means[order[0]], means[order[1]], similarities[order[0]]);
        var why = best < thresholds.LeastProbability ? FormattableString.Invariant($"its likeliest label has a probability of {best:0.00}, at least {thresholds.LeastProbability:0.00} is needed")
            : best - next < thresholds.LeastMargin ? FormattableString.Invariant($"its two likeliest labels are {best - next:0.00} apart, at least {thresholds.LeastMargin:0.00} is needed")
            : similarity < thresholds.LeastSimilarity ? FormattableString.Invariant($"the picture is like none of its labels (cosine {similarity:0.00}, at least {thresholds.LeastSimilarity:0.00} is needed)")
            : "";
        return new(by, [.. order.Select(i => (ClipLabels.All[i], means[i]))], similarity, why);
    }
}
