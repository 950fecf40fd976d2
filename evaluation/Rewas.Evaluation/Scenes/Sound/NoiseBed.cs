using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>Continuous noise in a band, whose level follows the scene: water, wind, tyres. Each use is detuned a little.</summary>
/// <param name="LowHertz">Lower edge of the band.</param>
/// <param name="HighHertz">Upper edge of the band.</param>
readonly record struct NoiseBed(double LowHertz, double HighHertz)
{
    /// <param name="amplitude">About the root mean square at level 1.</param>
    /// <param name="level">Level over time in seconds.</param>
    public void Add(Track track, SceneRandom random, float amplitude, Func<double, double> level)
    {
        var flow = new NoiseFlow(LowHertz * random.Between(0.85, 1.15), HighHertz * random.Between(0.85, 1.1));
        flow.Add(track, random, amplitude * NoiseFlow.GainOf(LowHertz, HighHertz), level);
    }
}
