namespace Rewas.Evaluation;

/// <summary>How good sounds are that were made in one precision; and whether another precision costs more than it may.</summary>
/// <param name="EnergyCorrelation">Pearson's, of the energy asked for and made, -1 to 1.</param>
/// <param name="LabelAccuracy">Share of sounds that a classifier takes for the label that was their prompt, 0 to 1.</param>
/// <param name="TextureDistance">To the true sound's spectral texture, 0 to 1; less is better.</param>
public sealed record PrecisionFigures(double EnergyCorrelation, double LabelAccuracy, double TextureDistance)
{
    /// <summary>Of a figure in float32; of all sounds for the label accuracy, which is a count.</summary>
    public const double Tolerance = 0.02;

    /// <summary>The figures that are worse than those of float32 by more than the tolerance, each as a sentence. Better ones are no fault.</summary>
    public IReadOnlyList<string> LossesAgainst(PrecisionFigures float32)
    {
        (string Name, double Loss, double Allowed)[] figures =
        [
            ("energy correlation", float32.EnergyCorrelation - EnergyCorrelation, Tolerance * Math.Abs(float32.EnergyCorrelation)),
            ("label accuracy", float32.LabelAccuracy - LabelAccuracy, Tolerance),
            ("texture distance", TextureDistance - float32.TextureDistance, Tolerance * float32.TextureDistance),
        ];
        return [.. figures.Where(figure => !(figure.Loss <= figure.Allowed)).Select(figure => FormattableString.Invariant($"{figure.Name} is worse by {figure.Loss:F4}, but at most {figure.Allowed:F4} is allowed"))];
    }
}
