using Rewas.Rendering.Guards;
using Rewas.Tests.Sound;

namespace Rewas.Tests.Rendering.Guards;

public sealed class SignalMeterTests
{
    const int Rate = 16_000;

    [Fact]
    public void Silence_is_a_fault_only_if_nothing_else_is_there()
    {
        Assert.Equal(["silence"], Measure(new float[3 * Rate]).Faults);
        var half = Enumerable.Range(0, 2 * Rate).Select(i => i < Rate ? 0 : 0.2f * MathF.Sin(i * 0.3f)).ToArray();
        half[Rate..].CopyTo(half, Rate);
        Assert.Equal(0.5, Measure(half).Silent, 0.02);
        Assert.DoesNotContain("silence", Measure(half).Faults);
    }

    [Fact]
    public void Samples_at_full_scale_are_counted()
    {
        var wave = Sounds.Noise(Rate, 0.3);
        for (var i = 0; i < 160; i++)
            wave[100 * i] = i % 2 == 0 ? 1 : -1;
        var facts = Measure(wave);
        Assert.Equal(0.01, facts.Clipped, 1e-9);
        Assert.Contains("clipping", facts.Faults);
        Assert.DoesNotContain("clipping", Measure(Sounds.Noise(Rate, 0.3)).Faults);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(60)]
    public void Mains_hum_is_named_by_its_frequency(int hertz)
    {
        var noise = Sounds.Noise(4 * Rate, 0.02);
        float[] wave =
        [
            .. noise.Select((value, i) => value + (float)Enumerable.Range(1, 3).Sum(k => 0.05 / k * Math.Sin(Math.Tau * k * hertz * i / Rate))),
        ];
        Assert.Equal(hertz, Measure(wave).HumHertz);
        Assert.Null(Measure(noise).HumHertz);
    }

    [Fact]
    public void Another_low_tone_is_no_mains_hum()
    {
        float[] wave = [.. Enumerable.Range(0, 4 * Rate).Select(i => (float)(0.2 * Math.Sin(Math.Tau * 83 * i / Rate)))];
        Assert.Null(Measure(wave).HumHertz);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void A_jump_of_the_wave_is_a_click_wherever_the_parts_meet(int partSamples)
    {
        float[] wave = [.. Enumerable.Range(0, 2 * Rate).Select(i => (float)(0.3 * Math.Sin(Math.Tau * 200 * i / Rate)) + (i >= 8192 ? 0.3f : 0))];
        var meter = new SignalMeter();
        foreach (var part in wave.Chunk(partSamples))
            meter.Add(part);
        Assert.Equal(1, meter.End().Clicks);
    }

    [Fact]
    public void An_impact_is_no_click()
    {
        var noise = Sounds.Noise(2 * Rate, 0.9);
        float[] wave = [.. noise.Select((value, i) => i < Rate ? 0 : value * MathF.Exp(-(i - Rate) / 800f))];
        Assert.Equal(0, Measure(wave).Clicks);
    }

    static SignalFacts Measure(float[] wave)
    {
        var meter = new SignalMeter();
        meter.Add(wave);
        return meter.End();
    }
}
