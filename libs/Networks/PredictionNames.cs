namespace Rewas.Networks;

/// <summary>What a denoiser predicts of a noisy latent, by the names that bundles use.</summary>
public static class PredictionNames
{
    /// <summary>The noise in it (Ho et al., 2020).</summary>
    public const string Noise = "noise";

    /// <summary>v = Signal * noise - Noise * clean (Salimans and Ho, 2022): tells the clean latent as well in strong noise, where the noise tells nothing of it, as the noise in weak.</summary>
    public const string Velocity = "velocity";

    public static IReadOnlyList<string> All { get; } = [Noise, Velocity];
}
