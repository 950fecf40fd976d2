using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>A short band of noise: the scrape, crunch or click of a contact.</summary>
/// <param name="LowHertz">Lower edge of the band.</param>
/// <param name="HighHertz">Upper edge of the band.</param>
/// <param name="Attack">Seconds to full level.</param>
/// <param name="Decay">Time constant of the fall, seconds.</param>
readonly record struct NoiseBurst(double LowHertz, double HighHertz, double Attack, double Decay)
{
    /// <param name="time">Start, seconds.</param>
    /// <param name="amplitude">About the root mean square at full level.</param>
    public void Add(Track track, SceneRandom random, double time, double amplitude)
    {
        var high = Biquad.HighPass(LowHertz);
        var low = Biquad.LowPass(HighHertz);
        var start = Track.At(time);
        var length = (int)((Attack + 7 * Decay) * Track.Rate);
        // White noise of variance 1/3 loses level with its bandwidth. The gain makes up for this, so amplitude means the same in every
        // band.
        var level = (float)(amplitude * Math.Sqrt(3 * Track.Rate / 2.0 / Math.Min(HighHertz - LowHertz, Track.Rate / 2.0)));
        var fall = (float)Math.Exp(-1 / (Decay * Track.Rate));
        var rise = (float)(1 / Math.Max(1, Attack * Track.Rate));
        float envelope = 0, decay = 1;
        for (var i = 0; i < length && start + i < track.Samples.Length; i++)
        {
            if (envelope < 1)
                envelope = Math.Min(1, envelope + rise);
            else
                decay *= fall;
            var x = low.Next(high.Next(random.Noise())) * level * envelope * decay;
            if (start + i >= 0)
                track.Samples[start + i] += x;
        }
    }
}
