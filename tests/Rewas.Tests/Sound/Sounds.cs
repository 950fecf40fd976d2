namespace Rewas.Tests.Sound;

static class Sounds
{
    public static float[] Sine(double hertz, int rate, int samples, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, samples).Select(n => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * n / rate)))];

    /// <summary>White, uniform in [-amplitude, amplitude).</summary>
    public static float[] Noise(int samples, double amplitude, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)(amplitude * (2 * random.NextDouble() - 1)))];
    }
}
