namespace Rewas.Evaluation.Metrics;

/// <summary>
/// Average precision, from 0 to 1: the sum over thresholds of (recall[n] - recall[n-1]) precision[n], with equal scores as one threshold.
/// As scikit-learn's average_precision_score.
/// </summary>
public static class AveragePrecision
{
    /// <param name="truths">Whether each item is true.</param>
    /// <param name="scores">Confidence of each prediction, on any scale.</param>
    /// <returns>0 if nothing is true.</returns>
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
