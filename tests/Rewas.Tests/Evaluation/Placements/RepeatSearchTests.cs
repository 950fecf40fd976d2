using Rewas.Evaluation.Placements;

namespace Rewas.Tests.Evaluation.Placements;

public class RepeatSearchTests
{
    const int Rate = 1000;

    [Fact]
    public void A_loop_is_found_at_any_gain()
    {
        var part = Noise(1, 7 * Rate);
        float[] loop = [.. part, .. part.Select(sample => sample * 0.3f), .. part, .. part];
        Assert.InRange(RepeatSearch.Largest(loop, Rate / 2, 7 * Rate), 0.9, 1.0001);
        Assert.InRange(RepeatSearch.LargestOfStretches(loop, Rate / 2, 7 * Rate), 0.9, 1.0001);
    }

    [Fact]
    public void Noise_has_no_repeat()
    {
        var noise = Noise(2, 40 * Rate);
        Assert.InRange(RepeatSearch.Largest(noise, Rate / 2, 10 * Rate), 0, 0.1);
        Assert.InRange(RepeatSearch.LargestOfStretches(noise, Rate / 2, 10 * Rate), 0, 0.1);
    }

    [Fact]
    public void A_stretch_that_comes_back_once_in_a_minute_is_found_although_the_whole_does_not_repeat()
    {
        var sound = Noise(3, 60 * Rate);
        sound.AsSpan(5 * Rate, 10 * Rate).CopyTo(sound.AsSpan(40_200));
        Assert.InRange(RepeatSearch.Largest(sound, Rate / 2, 10 * Rate), 0, 0.5);
        Assert.InRange(RepeatSearch.LargestOfStretches(sound, Rate / 2, 10 * Rate), 0.99, 1.0001);
    }

    [Fact]
    public void Silence_repeats_nothing()
    {
        Assert.Equal(0, RepeatSearch.Largest(new float[5 * Rate], Rate / 2, Rate));
        Assert.Equal(0, RepeatSearch.LargestOfStretches(new float[5 * Rate], Rate / 2, Rate));
    }

    static float[] Noise(int seed, int samples)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
