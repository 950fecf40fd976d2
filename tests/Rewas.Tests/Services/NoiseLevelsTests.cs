using Rewas.AudioDiffusion.Samplers;
using Rewas.Bundles;
using Rewas.Clip.Names;

namespace Rewas.Tests.Services;

public class NoiseLevelsTests
{
    static readonly SamplerDefaults Training = new(200, 3.0, 1.0);

    public static TheoryData<string, int> Every() => new(
        from spacing in SamplerNames.Spacings
        from steps in (int[])[1, 2, 3, 20, 30, 999, 1000]
        select (spacing, steps));

    [Theory]
    [MemberData(nameof(Every))]
    public void Levels_fall_from_noise_to_the_least_noise_of_training(string spacing, int steps)
    {
        var levels = new NoiseLevels(Training, spacing, steps);
        Assert.Equal((steps, steps + 1), (levels.Steps, levels.Alphas.Length));
        Assert.All(levels.Times, time => Assert.InRange(time, 0, 999));
        Assert.Equal(levels.Times.OrderDescending().Distinct(), levels.Times);
        Assert.Equal(levels.Alphas.Order(), levels.Alphas);
        Assert.Equal(Training.CumulativeAlphas()[0], levels.Alphas[^1]);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Sampling_starts_at_the_same_noise_whatever_the_steps(string spacing, int steps)
    {
        var levels = new NoiseLevels(Training with { StartAt = 0.8 }, spacing, steps);
        Assert.InRange(levels.Times[0], spacing == SamplerNames.Uniform ? 799 - 800.0 / steps : 799, 799);
        Assert.Equal(levels.Times.OrderDescending().Distinct(), levels.Times);
        Assert.Equal(Training.CumulativeAlphas()[0], levels.Alphas[^1]);
    }

    [Fact]
    public void Trailing_starts_at_the_last_training_step() =>
        Assert.Equal([999, 749, 499, 249], new NoiseLevels(Training, SamplerNames.Trailing, 4).Times);

    [Fact]
    public void Logsnr_is_equally_spaced_in_lambda()
    {
        var lambdas = new NoiseLevels(Training, SamplerNames.LogSnr, 10).HalfLogSnr;
        for (var i = 0; i < 10; i++)
            Assert.Equal((lambdas[10] - lambdas[0]) / 10, lambdas[i + 1] - lambdas[i], 1e-9);
    }

    [Fact]
    public void Karras_is_equally_spaced_in_the_seventh_root_of_noise_over_signal()
    {
        var roots = new NoiseLevels(Training, SamplerNames.Karras, 10).HalfLogSnr.Select(lambda => Math.Pow(Math.Exp(-lambda), 1 / 7.0))
            .ToArray();
        for (var i = 0; i < 10; i++)
            Assert.Equal((roots[10] - roots[0]) / 10, roots[i + 1] - roots[i], 1e-9);
    }

    [Fact]
    public void Velocity_and_noise_tell_the_same_clean_latent()
    {
        var (velocity, plain) = (
            new NoiseLevels(Training with { Prediction = PredictionNames.Velocity }, SamplerNames.Trailing, 5),
            new NoiseLevels(Training, SamplerNames.Trailing, 5));
        float[] clean = [1.5f, -0.25f], noise = [0.3f, 2], predicted = new float[2], epsilon = new float[2], found = new float[2];
        for (var level = 0; level < 5; level++)
        {
            var latent = clean.Zip(noise, (c, n) => (float)(plain.Signal[level] * c + plain.Noise[level] * n)).ToArray();
            for (var i = 0; i < 2; i++)
                predicted[i] = (float)(plain.Signal[level] * noise[i] - plain.Noise[level] * clean[i]);
            velocity.Epsilon(level, latent, predicted, epsilon);
            velocity.Clean(level, latent, epsilon, found);
            Assert.All(noise.Zip(epsilon), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(clean.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
            plain.Epsilon(level, latent, noise, epsilon);
            Assert.Equal(noise, epsilon);
        }
    }
}
