using Rewas.Clip;
using Rewas.Evaluation.Scenes;
using Rewas.Sound;
using Rewas.Sound.Mel;

namespace Rewas.Tests.Evaluation.Scenes;

public class SceneSoundTests
{
    const int Seeds = 5;
    const int HopsPerPoint = 4;                                            // 40 ms, a frame of the picture

    public static TheoryData<string> Kinds => [.. SceneCatalog.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void Loudness_follows_the_simulated_events(string kind)
    {
        for (var seed = 0UL; seed < Seeds; seed++)
        {
            var scene = SceneCatalog.Create(kind, seed);
            var level = Level(scene.RenderWave());
            var expected = new float[level.Length];
            for (var i = 0; i < expected.Length; i++)
                expected[i] = Enumerable.Range(0, 8).Average(k => (float)scene.Loudness((i + k / 8.0) * HopsPerPoint * 0.01));

            Assert.InRange(Correlation.Pearson(level, expected), 0.75, 1);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Energy_varies_strongly_over_a_clip(string kind)
    {
        for (var seed = 0UL; seed < Seeds; seed++)
        {
            var energy = Energy.OfLogMel(MelSpectrogram.LogMel(SceneCatalog.Create(kind, seed).RenderWave()));
            var mean = energy.Average();

            Assert.InRange(Math.Sqrt(energy.Average(e => (e - mean) * (e - mean))), 0.5, 10);      // nats: 4 dB
        }
    }

    [Fact]
    public void Kinds_are_told_apart_by_their_spectrum()
    {
        var spectra = SceneCatalog.Kinds.ToDictionary(kind => kind, MeanShape);

        foreach (var first in SceneCatalog.Kinds)
        {
            foreach (var second in SceneCatalog.Kinds.Where(k => string.CompareOrdinal(k, first) > 0))
            {
                var distance = spectra[first].Zip(spectra[second], (a, b) => Math.Abs(a - b)).Average();
                Assert.True(distance > 0.25, $"{first} and {second} differ by only {distance:F2} nats");
            }
        }
    }

    /// <summary>Root mean square of each 40 ms.</summary>
    static float[] Level(float[] wave) =>
        [.. wave.Chunk(HopsPerPoint * ClipTiming.HopSamples).Select(part => MathF.Sqrt(part.Average(x => x * x)))];

    /// <summary>[64] mean log mel of the sounding frames, without the loudness.</summary>
    static float[] MeanShape(string kind)
    {
        var shape = new float[ClipTiming.MelBins];
        for (var seed = 0UL; seed < 2 * Seeds; seed++)
        {
            var frames = MelSpectrogram.LogMel(SceneCatalog.Create(kind, seed).RenderWave()).Chunk(ClipTiming.MelBins).ToArray();
            foreach (var frame in frames.OrderByDescending(f => f.Average()).Take(frames.Length / 8))
            {
                var mean = frame.Average();
                for (var bin = 0; bin < shape.Length; bin++)
                    shape[bin] += (frame[bin] - mean) / (frames.Length / 8 * 2 * Seeds);
            }
        }
        return shape;
    }
}
