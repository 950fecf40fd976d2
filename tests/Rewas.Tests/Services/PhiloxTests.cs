using Rewas.AudioDiffusion;

namespace Rewas.Tests.Services;

public class PhiloxTests
{
    /// <summary>kat_vectors of the Random123 library: counter, key, answer.</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Gives_the_published_answers(string counter, string key, string answer)
    {
        var (c, k, expected) = (Words(counter), Words(key), Words(answer));
        var (x, y, z, w) = Philox.Words(c[0], c[1], c[2], c[3], k[0], k[1]);
        Assert.Equal(expected, new[] { x, y, z, w });
    }

    [Fact]
    public void Noise_is_standard_normal()
    {
        var noise = Noise(seed: 7, window: 3, step: 2, length: 100_000);
        var mean = noise.Average();
        Assert.Equal(0, mean, 0.01);
        Assert.Equal(1, noise.Average(v => (v - mean) * (v - mean)), 0.02);
        Assert.Equal(3, noise.Average(v => Math.Pow(v - mean, 4)), 0.1);
    }

    [Fact]
    public void Noise_depends_on_seed_candidate_window_step_and_place_alone()
    {
        var noise = Noise(1, 2, 3, 64);
        Assert.Equal(noise, Noise(1, 2, 3, 64));
        Assert.Equal(noise[..30], Noise(1, 2, 3, 30));
        foreach (var other in new[] { Noise(2, 2, 3, 64), Noise(1, 3, 3, 64), Noise(1, 2, 4, 64), Noise(1, 2, 3, 64, candidate: 1) })
            Assert.True(Math.Abs(noise.Zip(other, (a, b) => a * b).Average()) < 0.5);
    }

    static float[] Noise(uint seed, int window, int step, int length, int candidate = 0)
    {
        var noise = new float[length];
        new LatentNoise(seed, candidate).Fill(window, step, noise);
        return noise;
    }

    static uint[] Words(string text) => [.. text.Split(' ').Select(word => Convert.ToUInt32(word, 16))];
}
