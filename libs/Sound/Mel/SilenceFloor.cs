namespace Rewas.Sound.Mel;

/// <summary>The measures of silence. Mel magnitudes are clamped to <see cref="Magnitude"/> before the logarithm.</summary>
public static class SilenceFloor
{
    /// <summary>Smallest mel magnitude.</summary>
    public const float Magnitude = 1e-5f;

    /// <summary>ln(1e-5): the log mel, and so the energy, of silence.</summary>
    public const float LogMel = -11.512925f;
}
