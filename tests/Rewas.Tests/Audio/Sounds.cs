namespace Rewas.Tests.Audio;

static class Sounds
{
    public static float[] Sine(double hertz, int rate, int samples, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, samples).Select(n => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * n / rate)))];
}
