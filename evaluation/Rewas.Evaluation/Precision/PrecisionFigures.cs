namespace Rewas.Evaluation.Precision;

/// <summary>Quality of sounds made in one precision, and whether another precision loses too much.</summary>
/// <param name="EnergyCorrelation">Pearson's, between requested and made energy, -1 to 1.</param>
/// <param name="LabelAccuracy">Share of sounds classified as the label in their prompt, 0 to 1. Null: the bundle has no classifier.</param>
/// <param name="TextureDistance">Distance from the true sound's spectral texture, 0 to 1; lower is better.</param>
public sealed record PrecisionFigures(double EnergyCorrelation, double? LabelAccuracy, double TextureDistance)
{
    /// <summary>
    /// Tolerated relative loss against float32; for the label accuracy, which is a count, the tolerated share of all sounds.
    /// </summary>
    public const double Tolerance = 0.02;

    /// <summary>One sentence for each figure that is worse than in float32 by more than the tolerance.</summary>
    public IReadOnlyList<string> LossesAgainst(PrecisionFigures float32)
    {
        (string Name, double Loss, double Allowed)[] figures =
        [
            ("energy correlation", float32.EnergyCorrelation - EnergyCorrelation, Tolerance * Math.Abs(float32.EnergyCorrelation)),
            ("label accuracy", float32.LabelAccuracy - LabelAccuracy ?? 0, Tolerance),
            ("texture distance", TextureDistance - float32.TextureDistance, Tolerance * float32.TextureDistance),
        ];
        return
        [
            .. figures.Where(figure => !(figure.Loss <= figure.Allowed)).Select(figure => FormattableString.Invariant(
                $"{figure.Name} is worse by {figure.Loss:F4}, but at most {figure.Allowed:F4} is allowed")),
        ];
    }
}
