using System.Numerics.Tensors;

namespace Rewas.AudioDiffusion.Samplers;

/// <summary>Inputs of the denoiser in one row of a call.</summary>
public enum GuidanceRow
{
    /// <summary>Neither text (or the negative prompt) nor energy.</summary>
    Nothing,

    /// <summary>The energy without the text.</summary>
    Energy,

    /// <summary>Text and energy.</summary>
    Everything,
}

/// <summary>
/// Classifier-free guidance (Ho and Salimans, 2022, arXiv 2207.12598) with separate scales for text and energy (as in Brooks et al., 2023,
/// arXiv 2211.09800, equation 3): nothing + energyScale (energy - nothing) + textScale (everything - energy). Rows that cancel out are not
/// computed. Equal scales give the published guidance with two rows; two scales of 1 give one row.
/// </summary>
public sealed record Guidance(double TextScale, double EnergyScale)
{
    /// <summary>
    /// Share, 0 to 1, of the guided prediction that is rescaled to the deviation of the unguided one (Lin et al., 2024, arXiv 2305.08891,
    /// section 3.4).
    /// </summary>
    public double Rescale { get; init; }

    /// <summary>
    /// Guidance applies from this share of the training steps downwards (Kynkäänniemi et al., 2024, arXiv 2404.07724). 1: from the start.
    /// </summary>
    public double From { get; init; } = 1;

    /// <summary>Guidance ends below this share. 0: never.</summary>
    public double To { get; init; }

    /// <summary>
    /// The rows of a guided call with their weights, which sum to 1. The last is always <see cref="GuidanceRow.Everything"/>.
    /// </summary>
    public (GuidanceRow Row, double Weight)[] Rows() =>
    [
        .. new[]
        {
            (GuidanceRow.Nothing, 1 - EnergyScale), (GuidanceRow.Energy, EnergyScale - TextScale), (GuidanceRow.Everything, TextScale),
        }
            .Where(row => row.Item1 == GuidanceRow.Everything || row.Item2 != 0),
    ];

    /// <param name="share">Training step divided by the number of training steps.</param>
    public bool AppliesAt(double share) => share <= From && share >= To;

    /// <summary>Combines predictions to the guided prediction.</summary>
    /// <param name="rows">From <see cref="Rows"/>.</param>
    /// <param name="predicted">Predictions of the rows, [rows, latent].</param>
    /// <param name="guided">Result, [latent].</param>
    public void Combine(ReadOnlySpan<(GuidanceRow Row, double Weight)> rows, ReadOnlySpan<float> predicted, Span<float> guided)
    {
        var length = guided.Length;
        for (var i = 0; i < length; i++)
        {
            var sum = 0.0;
            for (var row = 0; row < rows.Length; row++)
                sum += rows[row].Weight * predicted[row * length + i];
            guided[i] = (float)sum;
        }
        if (Rescale > 0)
        {
            var back = TensorPrimitives.StdDev(predicted[^length..]) / TensorPrimitives.StdDev<float>(guided);
            TensorPrimitives.Multiply(guided, (float)(Rescale * back + 1 - Rescale), guided);
        }
    }
}
