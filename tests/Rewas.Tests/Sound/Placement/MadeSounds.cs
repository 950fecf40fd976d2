using Rewas.Sound.Mel;
using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

/// <summary>Sounds and curves with known content.</summary>
static class MadeSounds
{
    /// <summary>Hits: decaying noise at each given sample, with silence between.</summary>
    public static Recording Hits(int seed, int sampleRate, params int[] attacks)
    {
        var random = new Random(seed);
        var wave = new float[attacks[^1] + sampleRate];
        foreach (var attack in attacks)
            for (var i = 0; i < sampleRate * 6 / 10 && attack + i < wave.Length; i++)
                wave[attack + i] += (float)((random.NextDouble() - 0.5) * Math.Exp(-12.0 * i / sampleRate));
        return new($"hits {seed}", sampleRate, wave);
    }

    /// <summary>Steady noise.</summary>
    public static Recording Noise(int seed, double seconds, int sampleRate = 16_000, int channels = 1)
    {
        var random = new Random(seed);
        return new($"noise {seed}", sampleRate, Enumerable.Range(0, channels)
            .Select(_ => Enumerable.Range(0, (int)(seconds * sampleRate)).Select(_ => (float)(random.NextDouble() - 0.5) * 0.4f).ToArray())
                .ToArray());
    }

    public static float[] Level(float energy, int frames) => [.. Enumerable.Repeat(energy, frames)];

    public static float[] Silence(int frames) => Level(SilenceFloor.LogMel, frames);

    /// <summary>A curve with impacts that decay by 60 dB in 0.6 s.</summary>
    public static float[] Drawn(int frames, IEnumerable<int> impacts, float peak = -2)
    {
        var curve = Silence(frames);
        foreach (var impact in impacts)
            for (var i = impact; i < frames; i++)
                curve[i] = Math.Max(curve[i], peak - 0.1151f * (i - impact));
        return curve;
    }
}
