namespace Rewas.Evaluation;

/// <summary>
/// Average precision: sum over thresholds of (recall[n] - recall[n-1]) precision[n], equal scores being one threshold; as
/// scikit-learn's average_precision_score. From 0 to 1.
/// </summary>
public static class AveragePrecision
{
    /// <param name="truths">What is so.</param>
    /// <param name="scores">How sure the prediction is of it, any scale.</param>
    /// <returns>0 where nothing is true.</returns>
    public static double Of(IReadOnlyList<bool> truths, IReadOnlyList<double> scores)
    {
        if (truths.Count != scores.Count)
            throw new ArgumentException($"{truths.Count} truths and {scores.Count} scores are no pairs");
        var positives = truths.Count(truth => truth);
        if (positives == 0)
            return 0;
        var (sum, hits, seen) = (0.0, 0, 0);
        foreach (var threshold in Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(group => group.Key))
        {
            var newHits = threshold.Count(i => truths[i]);
            (hits, seen) = (hits + newHits, seen + threshold.Count());
            sum += (double)newHits / positives * hits / seen;
        }
        return sum;
    }
}
