using Rewas.Sound.Levels;

namespace Rewas.Tests.Sound;

public sealed class LoudnessMeterTests
{
    /// <summary>EBU Tech 3341, cases 1 and 2: a stereo sine of 1 kHz at -23 and -33 dBFS.</summary>
    [Theory]
    [InlineData(-23, 48_000)]
    [InlineData(-33, 48_000)]
    [InlineData(-23, 44_100)]
    [InlineData(-23, 16_000)]
    public void A_stereo_tone_of_1_kHz_has_the_loudness_of_its_level(double level, int rate) =>
        Assert.Equal(level, Measured(rate, 2, Tone(level, 20)), 0.1);

    /// <summary>EBU Tech 3341, case 3: -36, -23 and -36 dBFS for 10, 60 and 10 s.</summary>
    [Fact]
    public void What_is_10_LU_below_the_mean_is_gated() =>
        Assert.Equal(-23, Measured(48_000, 2, Tone(-36, 10), Tone(-23, 60), Tone(-36, 10)), 0.1);

    /// <summary>EBU Tech 3341, case 4: with -72 dBFS at both ends.</summary>
    [Fact]
    public void What_is_below_the_absolute_gate_is_gated() =>
        Assert.Equal(-23, Measured(48_000, 2, Tone(-72, 10), Tone(-36, 10), Tone(-23, 60), Tone(-36, 10), Tone(-72, 10)), 0.1);

    [Fact]
    public void One_channel_counts_3_LU_less_than_the_same_in_two() => Assert.Equal(-26, Measured(48_000, 1, Tone(-23, 5)), 0.1);

    [Fact]
    public void Silence_has_no_loudness() => Assert.Equal(double.NegativeInfinity, Measured(48_000, 1, (0, 1)));

    /// <summary>Arithmetic with subnormal numbers is many times slower.</summary>
    [Fact]
    public void The_filter_falls_silent_before_its_numbers_are_subnormal()
    {
        var filter = new KWeighting(48_000);
        filter.Next(1);
        for (var i = 0; i < 300_000; i++)
            Assert.False(double.IsSubnormal(filter.Next(0)), $"sample {i} after the sound");
        Assert.Equal(0, filter.Next(0));
    }

    [Fact]
    public void A_sound_shorter_than_a_block_is_one_block() => Assert.Equal(-23, Measured(48_000, 2, Tone(-23, 0.2)), 0.2);

    [Theory]
    [InlineData(1_000, 0.5)]
    [InlineData(11_025, 0.7071)]                                             // sampled at 45 degrees, so no sample comes near the peak
    public void A_peak_between_the_samples_is_seen(double hertz, double lowestSample)
    {
        var wave = Enumerable.Range(0, 44_100)
            .Select(n => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * n / 44_100 + Math.PI / 4)))
            .ToArray();
        Assert.Equal(0.5, TruePeakOf(wave[4000..], 1), 0.02);
        if (hertz > 10_000)
            Assert.Equal(0.5 * lowestSample, wave.Max(), 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_limiter_keeps_the_true_peak_below_its_ceiling(int channels)
    {
        var random = new Random(5);
        var wave = new float[48_000 * channels];
        for (var i = 0; i < wave.Length; i++)
            wave[i] = (float)((random.NextDouble() * 2 - 1) * (i / channels is > 3_000 and < 3_200 ? 4 : 0.2));
        var limited = Limited(wave, channels, 0.5);
        Assert.InRange(TruePeakOf(limited, channels), 0.4, 0.5);
        // Quiet parts do not change: neither before the limiter acts nor after it has recovered.
        Assert.Equal(wave[..(2_000 * channels)], limited[..(2_000 * channels)]);
        Assert.Equal(wave[(40_000 * channels)..], limited[(40_000 * channels)..]);
    }

    [Fact]
    public void The_limiter_leaves_alone_what_is_quiet()
    {
        var wave = Sounds.Sine(300, 48_000, 20_000, 0.3);
        Assert.Equal(wave, Limited(wave, 1, 0.5));
    }

    /// <summary>True peak of a whole waveform of interleaved channels; full scale is 1.</summary>
    static float TruePeakOf(float[] samples, int channels)
    {
        float peak = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            var meter = new TruePeak();
            for (var i = channel; i < samples.Length; i += channels)
                peak = MathF.Max(peak, meter.Next(samples[i]));
            for (var i = 0; i < 2 * TruePeak.Delay; i++)
                peak = MathF.Max(peak, meter.Next(0));
        }
        return peak;
    }

    static float[] Limited(float[] wave, int channels, double ceiling)
    {
        var limiter = new TruePeakLimiter(48_000, channels, ceiling);
        float[] all = [.. wave, .. new float[limiter.DelayFrames * channels]];
        limiter.Process(all.AsSpan(0, 10_000 * channels));
        limiter.Process(all.AsSpan(10_000 * channels));
        return all[(limiter.DelayFrames * channels)..];
    }

    static (double Amplitude, double Seconds) Tone(double level, double seconds) => (Math.Pow(10, level / 20), seconds);

    static double Measured(int rate, int channels, params (double Amplitude, double Seconds)[] parts)
    {
        var meter = new LoudnessMeter(rate, channels);
        foreach (var (amplitude, seconds) in parts)
            meter.Add(
                [.. Sounds.Sine(1_000, rate, (int)(seconds * rate), amplitude).SelectMany(sample => Enumerable.Repeat(sample, channels))]);
        return meter.Integrated();
    }
}
