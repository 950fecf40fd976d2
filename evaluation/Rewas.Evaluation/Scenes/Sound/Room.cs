using Rewas.Evaluation.Scenes.Chance;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>A small reverberator: parallel combs and an all-pass (Schroeder 1962).</summary>
sealed class Room
{
    readonly double size, decay;
    readonly float wet;

    public Room(SceneRandom random)
    {
        size = random.BetweenLog(0.4, 1.5);
        decay = random.BetweenLog(0.08, 0.4);                              // seconds to fall by 60 dB
        wet = random.Between(0.05f, 0.3f);
    }

    public void AddTo(float[] samples)
    {
        var echo = new float[samples.Length];
        foreach (var seconds in (ReadOnlySpan<double>)[0.0297, 0.0371, 0.0411, 0.0437])
            Comb(samples, echo, seconds * size);
        AllPass(echo, Track.At(0.005 * size), 0.7f);
        for (var i = 0; i < samples.Length; i++)
            samples[i] += wet * 0.25f * echo[i];
    }

    void Comb(float[] input, float[] output, double seconds)
    {
        var delay = Track.At(seconds);
        var feedback = (float)Math.Pow(10, -3 * seconds / decay);
        var line = new float[delay];
        for (int i = 0, k = 0; i < input.Length; i++, k = k + 1 == delay ? 0 : k + 1)
        {
            var y = line[k];
            line[k] = input[i] + feedback * y;
            output[i] += y;
        }
    }

    static void AllPass(float[] samples, int delay, float gain)
    {
        var line = new float[delay];
        for (int i = 0, k = 0; i < samples.Length; i++, k = k + 1 == delay ? 0 : k + 1)
        {
            var delayed = line[k];
            line[k] = samples[i] + gain * delayed;
            samples[i] = delayed - gain * line[k];
        }
    }
}
