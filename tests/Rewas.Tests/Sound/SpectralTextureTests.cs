using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Mel;

namespace Rewas.Tests.Sound;

public class SpectralTextureTests
{
    const int Centroid = 0, Bandwidth = 1, Flatness = 2, Contrast = 3, Flux = 4;

    static readonly float[] Low = Of(Sounds.Sine(200, 16_000, ClipTiming.SamplesPerWindow));
    static readonly float[] High = Of(Sounds.Sine(4000, 16_000, ClipTiming.SamplesPerWindow));
    static readonly float[] Noise = Of(Sounds.Noise(ClipTiming.SamplesPerWindow, 0.3));

    [Fact]
    public void A_sine_is_narrow_and_peaked_where_noise_is_broad_and_flat()
    {
        Assert.True(Mean(High, Bandwidth) < 0.2, "a sine is narrow");
        Assert.True(Mean(Noise, Bandwidth) > 0.4, "noise is broad");
        Assert.True(Mean(High, Flatness) < 0.5 && Mean(Noise, Flatness) > 0.9, $"flatness {Mean(High, Flatness)}, {Mean(Noise, Flatness)}");
        Assert.True(Mean(High, Contrast) > 2 * Mean(Noise, Contrast), $"contrast {Mean(High, Contrast)}, {Mean(Noise, Contrast)}");
        Assert.True(Mean(High, Flux) < 0.01 && Mean(Noise, Flux) > 0.05, $"flux {Mean(High, Flux)}, {Mean(Noise, Flux)}");
    }

    [Fact]
    public void A_higher_tone_has_a_higher_centroid()
    {
        Assert.InRange(Mean(Low, Centroid), 0.02, 0.12);                     // 200 Hz is 3 of 45 Slaney mels
        Assert.InRange(Mean(High, Centroid), 0.7, 0.82);                     // 4000 Hz is 35.2 of 45
    }

    [Fact]
    public void Silence_is_flat_and_still()
    {
        var silence = Of(new float[16_000]);
        for (var frame = 0; frame < 100; frame++)
        {
            float[] expected = [0.5f, 0.5865f, 1, 0, 0];
            for (var i = 0; i < 5; i++)
                Assert.Equal(expected[i], silence[frame * 5 + i], 1e-3);
        }
    }

    [Fact]
    public void Every_number_is_between_0_and_1_and_does_not_depend_on_level()
    {
        Assert.All(Low.Concat(High).Concat(Noise), value => Assert.InRange(value, 0, 1));
        var half = Of([.. Sounds.Noise(ClipTiming.SamplesPerWindow, 0.3).Select(v => v / 2)]);
        Assert.True(SpectralTexture.Distance(Noise, half) < 1e-4);
    }

    [Fact]
    public void Tokens_pool_frames_as_energy_does()
    {
        var trueTimes = new ClipTiming { TokenLayout = TokenLayout.TrueTimes, FirstFrame = 0, SegmentsPerWindow = 15 };
        var tokens = SpectralTexture.ToTokens(Noise, trueTimes);
        Assert.Equal(64 * 5, tokens.Length);
        Assert.Equal(Enumerable.Range(0, 8).Average(frame => Noise[frame * 5 + Contrast]), tokens[Contrast], 1e-5);
        Assert.Equal(112 * 5, SpectralTexture.ToTokens(Noise, new ClipTiming()).Length);
    }

    [Fact]
    public void The_distance_to_itself_is_zero_and_grows_with_difference()
    {
        Assert.Equal(0, SpectralTexture.Distance(High, High));
        var otherNoise = Of(Sounds.Noise(ClipTiming.SamplesPerWindow, 0.3, seed: 2));
        Assert.True(SpectralTexture.Distance(Noise, otherNoise) < SpectralTexture.Distance(Noise, High) / 4);
        Assert.Throws<ArgumentException>(() => SpectralTexture.Distance(High, High.AsSpan(5)));
    }

    static float[] Of(float[] wave) => SpectralTexture.OfLogMel(MelSpectrogram.LogMel(wave));

    static double Mean(float[] texture, int descriptor) => texture.Where((_, i) => i % 5 == descriptor).Average();
}
