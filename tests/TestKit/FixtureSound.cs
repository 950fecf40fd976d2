namespace Rewas.TestKit;

/// <summary>The sound on which the fixtures of CLAP's audio encoder were computed.</summary>
public static class FixtureSound
{
    const int Rate = 48_000;

    /// <summary>10 s at 48 kHz: a rising tone that swells and fades around second 3, in noise.</summary>
    public static float[] Wave48() => [.. FixtureGenerator.Noise("fixture.wav48", 10 * Rate).Select((noise, n) =>
    {
        var t = (double)n / Rate;
        var tone = 0.3 * Math.Sin(2 * Math.PI * (300 * t + 40 * t * t)) * Math.Exp(-(t - 3) * (t - 3) / 4);
        return (float)Math.Clamp(tone + 0.05 * noise, -1, 1);
    })];
}
