using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>A lasting band of noise whose level follows its cause: falling rain, a saw's stroke, a rolling ball.</summary>
/// <param name="LowHertz">Lower edge of the band.</param>
/// <param name="HighHertz">Upper edge of the band.</param>
readonly record struct NoiseFlow(double LowHertz, double HighHertz)
{
    /// <summary>The gain with which a band of white noise of variance 1/3 has a root mean square of about 1.</summary>
    public static float GainOf(double lowHertz, double highHertz) => (float)Math.Sqrt(3 * Track.Rate / 2.0 / (highHertz - lowHertz));

    /// <param name="gain">Factor on white noise of variance 1/3 in the band; see <see cref="GainOf"/>.</param>
    /// <param name="level">Level over time in seconds; sampled every 5 ms.</param>
    public void Add(Track track, SceneRandom random, float gain, Func<double, double> level)
    {
        var highPass = Biquad.HighPass(LowHertz);
        var lowPass = Biquad.LowPass(HighHertz);
        var now = 0f;
        for (var i = 0; i < track.Samples.Length; i++)
        {
            if (i % 80 == 0)                                               // 5 ms
                now = (float)level((double)i / Track.Rate);
            track.Samples[i] += gain * now * lowPass.Next(highPass.Next(random.Noise()));
        }
    }
}
