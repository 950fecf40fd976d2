using Rewas.Sound.Stereo;

namespace Rewas.Tests.Sound.Stereo;

public sealed class StereoWidthTests
{
    const int SampleRate = 16_000;

    public static TheoryData<string, double, int> Sounds()
    {
        var sounds = new TheoryData<string, double, int>();
        foreach (var kind in (string[])["white", "brown", "band", "rain", "surf", "hits", "tone", "hum", "clicks", "burst"])
            foreach (var width in (double[])[0.1, 0.5, 1])
                foreach (var rate in (int[])[16_000, 48_000])
                    sounds.Add(kind, width, rate);
        return sounds;
    }

    [Theory]
    [MemberData(nameof(Sounds))]
    public void The_mono_sum_is_the_sound_and_left_and_right_stay_alike(string kind, double width, int rate)
    {
        var mono = Sound(kind, rate);
        var (left, right) = Wide(mono, width, rate);
        for (var i = 0; i < mono.Length; i++)
            Assert.Equal(mono[i], (left[i] + right[i]) / 2, 1e-6);
        Assert.True(Correlation(left, right) >= 0.5, $"{Correlation(left, right)}");
        Assert.InRange(Decibels(left, mono), -0.1, 1.3);
        Assert.InRange(Decibels(left, right), -0.3, 0.3);
    }

    [Theory]
    [InlineData("white")]
    [InlineData("brown")]
    [InlineData("band")]
    [InlineData("rain")]
    [InlineData("surf")]
    public void Sound_like_noise_gets_wider_with_the_width(string kind)
    {
        var mono = Sound(kind, SampleRate);
        var before = 1.0;
        foreach (var width in (double[])[0.25, 0.5, 0.75, 1])
        {
            var (left, right) = Wide(mono, width, SampleRate);
            var correlation = Correlation(left, right);
            Assert.True(correlation < before - 0.005, $"width {width}: {correlation} after {before}");
            before = correlation;
        }
        Assert.InRange(before, 0.5, 0.9);
    }

    [Fact]
    public void Without_width_both_sides_are_the_sound()
    {
        var mono = Sound("rain", SampleRate);
        var (left, right) = Wide(mono, width: 0, SampleRate);
        Assert.Equal(mono, left);
        Assert.Equal(mono, right);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.01)]
    public void An_attack_stays_in_the_middle(double ambience)
    {
        var mono = Rewas.Tests.Sound.Sounds.Noise(2 * SampleRate, ambience, seed: 5);
        var hit = Rewas.Tests.Sound.Sounds.Noise(SampleRate / 2, 0.8, seed: 6);
        const int At = SampleRate;
        for (var i = 0; i < hit.Length; i++)
            mono[At + i] += (float)(hit[i] * Math.Exp(-i / (0.06 * SampleRate)));
        var (left, right) = Wide(mono, width: 1, SampleRate);

        var around = SideAgainstMiddle(At - SampleRate / 200, At + SampleRate / 50);         // 5 ms before to 20 ms after
        Assert.True(around < -30, $"{around:0.0} dB");
        // Before the hit there is no more of it on the side than there is ambience.
        Assert.True(
            Rms(Side(At - SampleRate / 50, At)) <= 0.75 * Math.Max(1e-4, ambience),
            $"{Rms(Side(At - SampleRate / 50, At))}");
        var tail = SideAgainstMiddle(At + SampleRate / 8, At + SampleRate / 3);
        Assert.True(tail > -12, $"the end of the hit is wide again, but has {tail:0.0} dB");

        double SideAgainstMiddle(int from, int to) => 20 * Math.Log10((Rms(Side(from, to)) + 1e-12) / Rms(mono[from..to]));

        float[] Side(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => (left[i] - right[i]) / 2)];
    }

    [Fact]
    public void A_click_leaves_nothing_on_the_sides()
    {
        var mono = new float[SampleRate];
        mono[SampleRate / 2] = 0.9f;
        var (left, right) = Wide(mono, width: 1, SampleRate);
        var side = left.Zip(right, (l, r) => (double)(l - r) / 2).Sum(s => s * s);
        Assert.True(10 * Math.Log10(side / 0.81) < -40, $"{10 * Math.Log10(side / 0.81)} dB");
    }

    [Fact]
    public void Bass_stays_in_the_middle()
    {
        var mono = Rewas.Tests.Sound.Sounds.Sine(30, SampleRate, 2 * SampleRate);
        var (left, right) = Wide(mono, width: 1, SampleRate);
        Assert.True(Correlation(left, right) > 0.98, $"{Correlation(left, right)}");
    }

    [Fact]
    public void Parts_make_the_same_samples_as_the_whole()
    {
        var mono = Sound("hits", SampleRate);
        var whole = new float[2 * mono.Length];
        new StereoWidth(SampleRate, 0.8).Process(mono, whole);
        var random = new Random(3);
        for (var trial = 0; trial < 5; trial++)
        {
            var (wide, parts) = (new StereoWidth(SampleRate, 0.8), new float[whole.Length]);
            for (var first = 0; first < mono.Length;)
            {
                var count = Math.Min(mono.Length - first, random.Next(1, 5_000));
                wide.Process(mono.AsSpan(first, count), parts.AsSpan(2 * first, 2 * count));
                first += count;
            }
            Assert.Equal(whole, parts);
        }
    }

    static (float[] Left, float[] Right) Wide(float[] mono, double width, int rate)
    {
        var wide = new StereoWidth(rate, width);
        var stereo = new float[2 * (mono.Length + wide.DelayFrames)];
        wide.Process([.. mono, .. new float[wide.DelayFrames]], stereo);
        stereo = stereo[(2 * wide.DelayFrames)..];
        return ([.. stereo.Where((_, i) => i % 2 == 0)], [.. stereo.Where((_, i) => i % 2 == 1)]);
    }

    static double Correlation(float[] left, float[] right)
    {
        var (both, ofLeft, ofRight) = (0.0, 0.0, 0.0);
        for (var i = 0; i < left.Length; i++)
            (both, ofLeft, ofRight) = (
                both + (double)left[i] * right[i], ofLeft + (double)left[i] * left[i], ofRight + (double)right[i] * right[i]);
        return both / Math.Sqrt(ofLeft * ofRight);
    }

    static double Decibels(float[] sound, float[] than) => 20 * Math.Log10(Rms(sound) / Rms(than));

    static double Rms(float[] sound) => Math.Sqrt(sound.Average(sample => (double)sample * sample));

    /// <summary>3 s of a sound.</summary>
    static float[] Sound(string kind, int rate)
    {
        var random = new Random(11);
        var (brown, high) = (0.0, 0.0);
        return [.. Enumerable.Range(0, 3 * rate).Select(n =>
        {
            var (noise, seconds) = (2 * random.NextDouble() - 1, n / (double)rate);
            brown += (noise - brown) * 2 * Math.PI * 300 / rate;             // below 300 Hz
            high += (noise - high) * 2 * Math.PI * 2_000 / rate;
            return (float)(kind switch
            {
                "white" => 0.5 * noise,
                "brown" => brown,
                "band" => high - brown,
                "rain" => 0.2 * noise + (random.NextDouble() < 200.0 / rate ? 0.3 * noise : 0),
                "surf" => (0.3 + 0.25 * Math.Sin(2 * seconds)) * high,
                "hits" => 0.8 * noise * Math.Exp(-(seconds % 0.5) / 0.05),
                "tone" => 0.5 * Math.Sin(2 * Math.PI * 440 * seconds),
                "hum" => 0.3 * Math.Sin(2 * Math.PI * 100 * seconds) + 0.2 * Math.Sin(2 * Math.PI * 150 * seconds),
                "clicks" => n % (rate / 4) == 0 ? 0.9 : 0,
                _ => seconds is > 1 and < 1.3 ? 0.6 * noise : 0,
            });
        })];
    }
}
