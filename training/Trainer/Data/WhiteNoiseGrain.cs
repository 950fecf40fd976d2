using Rewas.Clip;
using Rewas.Sound;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Data;

/// <summary>The grain of white noise.</summary>
static class WhiteNoiseGrain
{
    /// <param name="count">The number of different noises.</param>
    /// <returns>[count, 1, frames, 64], nepers.</returns>
    public static torch.Tensor Of(int count, int frames, Random random) =>
        torch.tensor(
            Enumerable.Range(0, count).SelectMany(_ => NoiseGrain.Of(Noise(frames * ClipTiming.HopSamples, random))).ToArray(),
            [count, 1, frames, ClipTiming.MelBins]);

    // Box and Muller, 1958.
    static float[] Noise(int samples, Random random)
    {
        var noise = new float[samples];
        for (var i = 0; i < samples; i += 2)
        {
            var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), Math.Tau * random.NextDouble());
            (noise[i], noise[i + 1]) = ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
        }
        return noise;
    }
}
