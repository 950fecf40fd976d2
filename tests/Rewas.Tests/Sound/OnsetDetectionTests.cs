using Rewas.Sound;

namespace Rewas.Tests.Sound;

public class OnsetDetectionTests
{
    static readonly double[] Times = [0.4, 0.75, 1.3, 1.42, 2.6];

    [Theory]
    [InlineData(16_000, 1024, 160, 0.02)]
    [InlineData(22_050, 2048, 512, 0.03)]
    public void Clicks_are_found_where_they_are(int rate, int frame, int hop, double toleranceSeconds)
    {
        var onsets =
            OnsetDetection.Find(Clicks(rate, noise: 0), new OnsetSettings { SampleRate = rate, FrameSamples = frame, HopSamples = hop });
        Assert.Equal(Times.Length, onsets.Count);
        for (var i = 0; i < Times.Length; i++)
            Assert.InRange(onsets[i].Seconds, Times[i] - toleranceSeconds, Times[i] + toleranceSeconds);
    }

    [Fact]
    public void Bursts_are_found_in_noise_and_nothing_else()
    {
        var onsets = OnsetDetection.Find(Clicks(16_000, noise: 0.01), new OnsetSettings { Threshold = 0.3 });
        Assert.Equal(Times.Length, onsets.Count);
        Assert.All(onsets.Zip(Times), pair => Assert.Equal(pair.Second, pair.First.Seconds, 0.02));
    }

    [Fact]
    public void A_louder_burst_over_noise_is_a_stronger_onset()
    {
        var wave = Sounds.Noise(32_000, 0.01);
        AddBurst(wave, 8000, 0.1);
        AddBurst(wave, 20_000, 0.5);
        var onsets = OnsetDetection.Find(wave, new OnsetSettings { Threshold = 0.3 });
        Assert.Equal(2, onsets.Count);
        Assert.True(onsets[1].Strength > onsets[0].Strength + 3, $"{onsets[0].Strength:F1} and {onsets[1].Strength:F1} dB");
    }

    [Fact]
    public void Steady_sounds_and_silence_have_no_onsets()
    {
        Assert.Empty(OnsetDetection.Find(new float[48_000]));
        Assert.Empty(OnsetDetection.Find(new float[100]));
        Assert.Empty(OnsetDetection.Find(Sounds.Sine(440, 16_000, 48_000)));
        Assert.Empty(OnsetDetection.Find(Sounds.Noise(48_000, 0.1), new OnsetSettings { Threshold = 0.3 }));
    }

    [Fact]
    public void There_is_one_strength_a_hop_and_none_is_negative()
    {
        var strength = OnsetDetection.Strength(Clicks(16_000, noise: 0.01));
        Assert.Equal(301, strength.Length);
        Assert.All(strength, value => Assert.InRange(value, 0, 80));
    }

    [Fact]
    public void Onsets_do_not_depend_on_level()
    {
        var wave = Clicks(16_000, noise: 0.01);
        var quiet = wave.Select(v => v / 8).ToArray();
        Assert.Equal(OnsetDetection.Find(wave).Select(o => o.Seconds), OnsetDetection.Find(quiet).Select(o => o.Seconds));
    }

    /// <summary>3 s with a decaying burst of noise at each of <see cref="Times"/>.</summary>
    static float[] Clicks(int rate, double noise)
    {
        var wave = Sounds.Noise(3 * rate, noise);
        foreach (var seconds in Times)
            AddBurst(wave, (int)(seconds * rate), 0.5);
        return wave;
    }

    static void AddBurst(float[] wave, int start, double amplitude)
    {
        var burst = Sounds.Noise(400, amplitude);
        for (var n = 0; n < burst.Length; n++)
            wave[start + n] += burst[n] * MathF.Exp(-n / 80f);
    }
}
