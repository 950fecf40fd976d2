using Rewas.Sound;

namespace Rewas.Tests.Sound;

public class ResamplerTests
{
    [Theory]
    [InlineData(44_100, 16_000, 440)]
    [InlineData(48_000, 16_000, 7_300)]
    [InlineData(8_000, 16_000, 3_600)]
    [InlineData(22_050, 16_000, 1_000)]
    [InlineData(16_000, 44_100, 7_000)]
    [InlineData(11_025, 15_999, 100)]
    [InlineData(191_999, 16_000, 7_000)]
    [InlineData(44_101, 16_000, 440)]
    [InlineData(1_009, 16_000, 400)]
    public void A_tone_in_the_passband_keeps_amplitude_and_phase(int from, int to, double hertz)
    {
        var resampled = new Resampler(from, to).Resample(Sounds.Sine(hertz, from, from));
        var expected = Sounds.Sine(hertz, to, to);
        Assert.Equal(to, resampled.Length);
        var edge = to / 20;                                                  // the waveform begins and ends abruptly
        var error = resampled.Zip(expected, (a, b) => Math.Abs(a - b)).Skip(edge).SkipLast(edge).Max();
        Assert.True(error < 0.5 * 2e-3, $"largest error {error}");
    }

    [Theory]
    [InlineData(44_100, 16_000, 8_100)]
    [InlineData(48_000, 16_000, 11_000)]
    [InlineData(48_000, 44_100, 23_000)]
    [InlineData(191_999, 16_000, 8_100)]
    [InlineData(47_999, 16_000, 11_000)]
    public void A_tone_above_the_new_Nyquist_frequency_does_not_alias(int from, int to, double hertz)
    {
        var resampled = new Resampler(from, to).Resample(Sounds.Sine(hertz, from, from));
        var peak = resampled.Skip(to / 20).SkipLast(to / 20).Max(MathF.Abs);
        Assert.True(20 * Math.Log10(peak / 0.5) < -75, $"alias at {20 * Math.Log10(peak / 0.5):f1} dB");
    }

    [Fact]
    public void Upsampling_leaves_no_image()
    {
        var resampled = new Resampler(8_000, 16_000).Resample(Sounds.Sine(3_000, 8_000, 8_000));
        var expected = Sounds.Sine(3_000, 16_000, 16_000);
        var error = resampled.Zip(expected, (a, b) => Math.Abs(a - b)).Skip(800).SkipLast(800).Max();
        Assert.True(20 * Math.Log10(error / 0.5) < -70, $"error at {20 * Math.Log10(error / 0.5):f1} dB");
    }

    [Theory]
    [InlineData(191_999, 16_000)]
    [InlineData(16_000, 191_999)]
    [InlineData(1_001, 16_000)]
    public void The_filters_of_rates_without_a_common_divisor_take_little_memory(int from, int to)
    {
        var (cost, failure) = Cost.Of(() => GC.KeepAlive(new Resampler(from, to)));
        Assert.Null(failure);
        Assert.InRange(cost.AllocatedBytes, 0, 32L << 20);
    }

    [Theory]
    [InlineData(44_100, 16_000)]
    [InlineData(191_999, 16_000)]
    [InlineData(8_000, 16_000)]
    [InlineData(16_000, 16_000)]
    public void In_parts_of_any_length_the_result_is_the_same(int from, int to)
    {
        var (random, source) = (new Random(3), Sounds.Sine(440, from, from / 2));
        var (parts, resampled) = (new ResampledParts(from, to), new List<float>());
        for (var i = 0; i < source.Length;)
        {
            var count = Math.Min(source.Length - i, random.Next(5000));
            resampled.AddRange(parts.Add(source.AsSpan(i, count)));
            i += count;
        }
        resampled.AddRange(parts.End());
        Assert.Equal(new Resampler(from, to).Resample(source), resampled);
        Assert.Equal(parts.LengthOf(source.Length), resampled.Count);
    }

    [Fact]
    public void The_same_rate_changes_nothing() =>
        Assert.Equal([1f, -2f, 3f], new Resampler(16_000, 16_000).Resample([1, -2, 3]));

    [Fact]
    public void An_empty_waveform_stays_empty() => Assert.Empty(new Resampler(44_100, 16_000).Resample([]));
}
