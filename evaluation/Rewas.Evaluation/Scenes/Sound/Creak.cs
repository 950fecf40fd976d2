using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>
/// A dry hinge that sticks and slips. It slips more often at higher speed, and each slip rings the panel (after F. Avanzini, S. Serafin and
/// D. Rocchesso 2005).
/// </summary>
/// <param name="SlowHertz">Slips per second at the lowest speed.</param>
/// <param name="FastHertz">Slips per second at full speed.</param>
/// <param name="PanelHertz">The lowest of the panel's three resonances.</param>
readonly record struct Creak(double SlowHertz, double FastHertz, double PanelHertz)
{
    const float Gain = 60;                  // a root mean square of about 0.4 at loudness 1

    /// <param name="random">Varies the slips.</param>
    /// <param name="speed">Speed of the hinge, 0 to 1, over time in seconds.</param>
    /// <param name="loudness">Amplitude over time.</param>
    public void Add(Track track, SceneRandom random, Func<double, double> speed, Func<double, double> loudness)
    {
        var (low, middle, high) = (
            Biquad.BandPass(PanelHertz, 6), Biquad.BandPass(2.3 * PanelHertz, 8), Biquad.BandPass(4.1 * PanelHertz, 8));
        double phase = 0, step = 0, jitter = 1;
        var level = 0f;
        for (var i = 0; i < track.Samples.Length; i++)
        {
            if (i % 32 == 0)                                               // 2 ms
            {
                var time = (double)i / Track.Rate;
                step = (SlowHertz + (FastHertz - SlowHertz) * speed(time)) / Track.Rate;
                level = (float)loudness(time);
            }
            phase += step * jitter;
            var slip = 0f;
            if (phase >= 1)
            {
                phase -= 1;
                jitter = random.Between(0.8, 1.25);                        // no two slips are alike
                slip = (float)(1 / Math.Sqrt(1 + step * Track.Rate));      // many slips a second sum up
            }
            track.Samples[i] += level * Gain * (3 * low.Next(slip) + 4 * middle.Next(slip) + 2.5f * high.Next(slip));
        }
    }
}
