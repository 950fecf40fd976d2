using Rewas.Sound;

namespace Rewas.Tests.Sound;

public sealed class TriangularDitherTests
{
    const double Step = 1 / 32_768.0;
    const int Count = 200_000;

    /// <summary>Without dither, the mean of the error would be up to half a step, and its power would vary from 0 to a quarter.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1000.37)]
    public void Mean_and_power_of_the_error_do_not_depend_on_the_sound(double steps)
    {
        var samples = Enumerable.Repeat((float)(steps * Step), Count).ToArray();
        new TriangularDither(16, seed: 1).Apply(samples);
        double[] errors = [.. samples.Select(sample => sample / Step - (float)(steps * Step) / Step)];
        Assert.Equal(0, errors.Average(), 0.01);
        Assert.Equal(0.25, errors.Average(error => error * error), 0.01);    // 1/12 of the rounding, 2/12 of the noise
        Assert.All(samples, sample => Assert.Equal(Math.Round(sample / Step), sample / Step));
    }

    [Fact]
    public void The_same_seed_gives_the_same_samples_in_whatever_parts_they_come()
    {
        var whole = Sounds.Sine(440, 48_000, 1000);
        var parts = whole.ToArray();
        var other = whole.ToArray();
        new TriangularDither(24, seed: 7).Apply(whole);
        var dither = new TriangularDither(24, seed: 7);
        dither.Apply(parts.AsSpan(0, 333));
        dither.Apply(parts.AsSpan(333));
        new TriangularDither(24, seed: 8).Apply(other);
        Assert.Equal(whole, parts);
        Assert.NotEqual(whole, other);
    }

    [Fact]
    public void Full_scale_is_not_left()
    {
        float[] samples = [1, -1, 2, -2];
        new TriangularDither(16, seed: 3).Apply(samples);
        Assert.All(samples, sample => Assert.InRange(sample, -1, 32_767 / 32_768f));
    }
}
