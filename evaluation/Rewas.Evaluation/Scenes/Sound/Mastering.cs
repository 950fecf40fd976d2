using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>Adds what every recording has: a room, a little noise and a gain. It does not clip.</summary>
static class Mastering
{
    const float Knee = 0.6f, Ceiling = 0.88f;

    /// <summary>The finished wave: mean-free, peak at most 0.9.</summary>
    public static float[] Finish(Track track, SceneRandom random)
    {
        var samples = track.Samples;
        if (random.Chance(0.6))
            new Room(random).AddTo(samples);
        var gain = (float)Math.Pow(10, random.Between(-4.0, 1.0) / 20);
        var floor = (float)Math.Pow(10, random.Between(-60.0, -45.0) / 20);
        var colour = Biquad.LowPass(random.BetweenLog(300, 4000), 0.5);
        var level = floor * 2.5f;                                          // the filter takes about as much
        double mean = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = Limit(samples[i] * gain + level * colour.Next(random.Noise()));
            mean += samples[i];
        }
        mean /= Math.Max(1, samples.Length);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = Math.Clamp(samples[i] - (float)mean, -0.9f, 0.9f);
        return samples;
    }

    /// <summary>Linear up to the knee, then a smooth bend towards the ceiling.</summary>
    static float Limit(float x)
    {
        var size = Math.Abs(x);
        return size <= Knee ? x : MathF.CopySign(Knee + (Ceiling - Knee) * MathF.Tanh((size - Knee) / (Ceiling - Knee)), x);
    }
}
