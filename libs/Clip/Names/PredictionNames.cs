namespace Rewas.Clip.Names;

/// <summary>Targets that denoisers predict from a noisy latent, by the names in bundles.</summary>
public static class PredictionNames
{
    /// <summary>The noise (Ho et al., 2020).</summary>
    public const string Noise = "noise";

    /// <summary>
    /// v = Signal * noise - Noise * clean (Salimans and Ho, 2022). At high noise levels it determines the clean latent, which predicted
    /// noise does not.
    /// </summary>
    public const string Velocity = "velocity";

    public static IReadOnlyList<string> All { get; } = [Noise, Velocity];
}
