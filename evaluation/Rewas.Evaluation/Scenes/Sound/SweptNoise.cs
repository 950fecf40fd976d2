using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>
/// Noise through a moving resonance: a howl, or a hiss that passes by. It is a state-variable filter with trapezoidal integrators (V.
/// Zavalishin, "The Art of VA Filter Design"), which can be retuned while it runs.
/// </summary>
/// <param name="Resonance">Centre frequency divided by bandwidth.</param>
readonly record struct SweptNoise(double Resonance)
{
    /// <param name="hertz">Centre frequency over time in seconds.</param>
    /// <param name="level">Approximate root mean square over time.</param>
    public void Add(Track track, SceneRandom random, Func<double, double> hertz, Func<double, double> level)
    {
        var damping = 1 / Resonance;
        double first = 0, second = 0, g = 0, a = 0, gain = 0;
        for (var i = 0; i < track.Samples.Length; i++)
        {
            if (i % 32 == 0)                                               // 2 ms
            {
                var time = (double)i / Track.Rate;
                var centre = Math.Min(hertz(time), 0.45 * Track.Rate);
                g = Math.Tan(Math.PI * centre / Track.Rate);
                a = 1 / (1 + g * (g + damping));
                // The equivalent bandwidth of a two-pole resonance is pi / 2 times its bandwidth at half power.
                gain = level(time) * damping * Math.Sqrt(3 * Track.Rate / 2.0 / (Math.PI / 2 * centre * damping));
            }
            var band = a * (first + g * (random.Noise() - second));
            var low = second + g * band;
            first = 2 * band - first;
            second = 2 * low - second;
            track.Samples[i] += (float)(gain * band);
        }
    }
}
