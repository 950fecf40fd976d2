namespace Rewas.Evaluation.Metrics;

/// <summary>Figures based on a network's class probabilities of clips.</summary>
public static class ClassDistributions
{
    /// <summary>
    /// Added to the prediction inside the logarithm by the published evaluation (SpecVQGAN, Iashin and Rahtu 2021, arXiv 2110.08791).
    /// </summary>
    public const double PublishedEpsilon = 1e-6;

    /// <summary>
    /// Inception score (Salimans et al. 2016, arXiv 1606.03498): exp(mean over clips of KL(p(y|x) || p(y))), averaged over the splits. From
    /// 1 to the number of classes. Higher means more confident and more varied.
    /// </summary>
    /// <param name="probabilities">[N, C], rows sum to 1. With several splits, the order must be independent of the classes.</param>
    /// <param name="splits">Number of equal parts that are scored separately: 10 as published, 1 for few clips.</param>
    public static double InceptionScore(Rows probabilities, int splits = 1)
    {
        if (splits < 1 || splits > probabilities.Count)
            throw new ArgumentOutOfRangeException(nameof(splits), splits, $"must be from 1 to the {probabilities.Count} clips");
        var sum = 0.0;
        for (var split = 0; split < splits; split++)
        {
            var (first, end) = ((int)((long)split * probabilities.Count / splits), (int)((long)(split + 1) * probabilities.Count / splits));
            var marginal = new double[probabilities.Width];
            for (var row = first; row < end; row++)
                for (var c = 0; c < marginal.Length; c++)
                    marginal[c] += probabilities[row][c] / (end - first);
            var divergence = 0.0;
            for (var row = first; row < end; row++)
                divergence += Divergence(probabilities[row], marginal) / (end - first);
            sum += Math.Exp(divergence);
        }
        return sum / splits;
    }

    /// <summary>
    /// KL(true || generated) = sum p ln(p / (q + epsilon)) of each pair, nats: the difference between the network's judgements of a
    /// generated clip and the true one.
    /// </summary>
    /// <param name="real">[N, C], rows sum to 1.</param>
    /// <param name="generated">[N, C], the same clips in the same order.</param>
    /// <param name="epsilon">0: the plain divergence, exactly 0 for equal distributions. As published:
    /// <see cref="PublishedEpsilon"/>.</param>
    public static double[] Divergences(Rows real, Rows generated, double epsilon = 0)
    {
        if (real.Count != generated.Count || real.Width != generated.Width)
            throw new ArgumentException(
                $"pairs of distributions are needed, but they are [{real.Count}, {real.Width}] and [{generated.Count}, {generated.Width}]");
        var divergences = new double[real.Count];
        for (var row = 0; row < divergences.Length; row++)
            divergences[row] = Divergence(real[row], generated[row], epsilon);
        return divergences;
    }

    static double Divergence(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double epsilon = 0)
    {
        var sum = 0.0;
        for (var c = 0; c < p.Length; c++)
            if (p[c] > 0)                                                    // p ln p is 0 at 0
                sum += p[c] * Math.Log(p[c] / Math.Max(q[c] + epsilon, double.Epsilon));
        return sum;
    }
}
