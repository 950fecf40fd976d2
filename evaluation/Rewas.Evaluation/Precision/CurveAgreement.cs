using Rewas.Sound;

namespace Rewas.Evaluation.Precision;

/// <summary>How well the energy curves of one precision agree with those of another, over the same videos.</summary>
/// <param name="Least">Pearson's correlation of the worst pair, -1 to 1.</param>
/// <param name="Mean">Mean of all pairs.</param>
public sealed record CurveAgreement(double Least, double Mean)
{
    /// <summary>The curve steers everything after it, so that it may lose less than the sound.</summary>
    public const double LeastAllowed = 0.999;

    /// <param name="curves">Pairs of curves of the same length.</param>
    public static CurveAgreement Of(IReadOnlyList<(float[] One, float[] Other)> curves)
    {
        double[] correlations = [.. curves.Select(pair => Correlation.Pearson(pair.One, pair.Other))];
        return new(correlations.Min(), correlations.Average());
    }

    /// <summary>One sentence if the curves differ too much.</summary>
    public IReadOnlyList<string> Losses => Least >= LeastAllowed
        ? []
        : [FormattableString.Invariant($"an energy curve correlates by {Least:F4}, but at least {LeastAllowed} is required")];
}
