namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>
/// The plink of a drop: a bubble of air caught under the surface rings and rises in pitch as it comes up
/// (K. van den Doel, "Physically based models for liquid sounds", 2005).
/// </summary>
/// <param name="Hertz">Frequency at the start; large bubbles are low.</param>
/// <param name="Decay">Time constant, seconds.</param>
/// <param name="Rise">Relative rise of frequency for one decay.</param>
readonly record struct Bubble(double Hertz, double Decay, double Rise)
{
    public void Add(Track track, double time, double amplitude)
    {
        var start = Track.At(time);
        var length = (int)(7 * Decay * Track.Rate);
        var phase = 0.0;
        for (var i = 0; i < length && start + i < track.Samples.Length; i++)
        {
            var age = i / (double)Track.Rate / Decay;
            phase += Math.Tau * Hertz * (1 + Rise * age) / Track.Rate;
            if (start + i >= 0)
                track.Samples[start + i] += (float)(amplitude * Math.Exp(-age) * Math.Min(1, i / 16.0) * Math.Sin(phase));
        }
    }
}
