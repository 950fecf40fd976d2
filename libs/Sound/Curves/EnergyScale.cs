using Rewas.Sound.Mel;

namespace Rewas.Sound.Curves;

/// <summary>
/// The unit of an energy curve, mean natural-log mel magnitude, and two equivalent units: decibels, in which silence is -100 dB and gains
/// add, and 0 to 1 from silence to the loudest.
/// </summary>
public static class EnergyScale
{
    /// <summary>ln(1e-5).</summary>
    public const float Silence = SilenceFloor.LogMel;

    /// <summary>Louder than any waveform in [-1, 1]: about 17.4 dB.</summary>
    public const float Loudest = 2;

    /// <summary>ln(10) / 20: the change of log magnitude per decibel.</summary>
    public const double PerDecibel = 0.11512925464970229;

    public const string Unit = "mean natural-log mel magnitude";

    public static double LoudestDecibels => Loudest / PerDecibel;

    public static float OfDecibels(double decibels) => (float)(decibels * PerDecibel);

    public static double ToDecibels(float energy) => energy / PerDecibel;

    /// <summary>From 0 (silence) to 1 (the loudest).</summary>
    public static double Normalise(float energy) => (energy - (double)Silence) / ((double)Loudest - Silence);

    public static float OfNormalised(double part) => (float)(Silence + part * ((double)Loudest - Silence));
}
