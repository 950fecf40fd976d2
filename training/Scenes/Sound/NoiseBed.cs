namespace Rewas.Scenes.Sound;

/// <summary>Noise without end in a band, whose level follows the scene: water, wind, tyres. Each use is detuned a little.</summary>
/// <param name="LowHertz">Lower edge of the band.</param>
/// <param name="HighHertz">Upper edge of the band.</param>
readonly record struct NoiseBed(double LowHertz, double HighHertz)
{
    /// <param name="track">Receives the sound.</param>
    /// <param name="random">Source of the noise.</param>
    /// <param name="amplitude">About the root mean square at level 1.</param>
    /// <param name="level">Over time in seconds.</param>
    public void Add(Track track, SceneRandom random, float amplitude, Func<double, double> level)
    {
        var highPass = Biquad.HighPass(LowHertz * random.Between(0.85, 1.15));
        var lowPass = Biquad.LowPass(HighHertz * random.Between(0.85, 1.1));
        var gain = amplitude * (float)Math.Sqrt(3 * Track.Rate / 2.0 / (HighHertz - LowHertz));
        var now = 0f;
        for (var i = 0; i < track.Samples.Length; i++)
        {
            if (i % 80 == 0)                                               // 5 ms
                now = (float)level((double)i / Track.Rate);
            track.Samples[i] += gain * now * lowPass.Next(highPass.Next(random.Noise()));
        }
    }
}
