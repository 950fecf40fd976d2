using Rewas.Audio;

namespace Rewas.Curves;

/// <summary>
/// The unit of an energy curve, the mean natural-log mel magnitude, and two others that say the same: decibels, in which silence is -100 dB
/// and a gain adds, and 0..1 from silence to the loudest.
/// </summary>
public static class EnergyScale
{
    /// <summary>ln(1e-5).</summary>
    public const float Silence = SilenceFloor.LogMel;

    /// <summary>More than any waveform in [-1, 1] has: about 17.4 dB.</summary>
    public const float Loudest = 2;

    /// <summary>ln(10) / 20: what a gain of 1 dB adds to a log magnitude.</summary>
    public const double PerDecibel = 0.11512925464970229;

    public const string Unit = "mean natural-log mel magnitude";

    public static double LoudestDecibels => Loudest / PerDecibel;

    public static float OfDecibels(double decibels) => (float)(decibels * PerDecibel);

    public static double ToDecibels(float energy) => energy / PerDecibel;

    /// <summary>0 (silence) to 1 (the loudest).</summary>
    public static double Normalise(float energy) => (energy - (double)Silence) / ((double)Loudest - Silence);

    public static float OfNormalised(double part) => (float)(Silence + part * ((double)Loudest - Silence));
}
