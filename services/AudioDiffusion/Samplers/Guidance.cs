using System.Numerics.Tensors;

namespace Rewas.AudioDiffusion.Samplers;

/// <summary>What the denoiser is told in one row of a call.</summary>
public enum GuidanceRow
{
    /// <summary>Neither text (or what the negative prompt says) nor energy.</summary>
    Nothing,

    /// <summary>The energy, without the text.</summary>
    Energy,

    /// <summary>Text and energy.</summary>
    Everything,
}

/// <summary>
/// Classifier-free guidance (Ho and Salimans, 2022, arXiv 2207.12598) with a scale of its own for text and for energy (as Brooks et al., 2023,
/// arXiv 2211.09800, equation 3): nothing + energyScale (energy - nothing) + textScale (everything - energy). Rows that cancel out are not
/// computed: with equal scales it is the published guidance of two rows, with both 1 there is one.
/// </summary>
public sealed record Guidance(double TextScale, double EnergyScale)
{
    /// <summary>Share, 0 to 1, of the guided prediction that is scaled back to the deviation of the unguided one (Lin et al., 2024, arXiv 2305.08891, section 3.4).</summary>
    public double Rescale { get; init; }

    /// <summary>Guidance starts where the training step is at most this share of all of them (Kynkäänniemi et al., 2024, arXiv 2404.07724); 1: from the start.</summary>
    public double From { get; init; } = 1;

    /// <summary>Guidance ends below this share; 0: never.</summary>
    public double To { get; init; }

    /// <summary>The rows of a guided call with their weights in the prediction, which sum up to 1. The last is always <see cref="GuidanceRow.Everything"/>.</summary>
    public (GuidanceRow Row, double Weight)[] Rows() =>
    [
        .. new[] { (GuidanceRow.Nothing, 1 - EnergyScale), (GuidanceRow.Energy, EnergyScale - TextScale), (GuidanceRow.Everything, TextScale) }
            .Where(row => row.Item1 == GuidanceRow.Everything || row.Item2 != 0),
    ];

    /// <param name="share">Training step over the number of training steps.</param>
    public bool AppliesAt(double share) => share <= From && share >= To;

    /// <summary>The guided prediction.</summary>
    /// <param name="rows">What <see cref="Rows"/> answers.</param>
    /// <param name="predicted">Their predictions, [rows, latent].</param>
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
