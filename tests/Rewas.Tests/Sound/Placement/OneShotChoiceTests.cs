using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

public class OneShotChoiceTests
{
    [Fact]
    public void Clicks_without_a_tail_meet_each_drawn_event_too()
    {
        int[] impacts = [30, 95, 140, 230, 300, 391, 480, 560, 700, 850];
        Recording[] clicks = [Click(1), Click(2), Click(3)];
        var pieces = SoundPlacement.Place(clicks, MadeSounds.Drawn(1000, impacts), new() { KeepShortWhole = true });
        Assert.Equal(impacts.Length, pieces.Count(piece => piece.SourceAttack is not null));
    }

    [Fact]
    public void Hits_under_a_steady_curve_go_on()
    {
        Recording[] hits = [MadeSounds.Hits(1, 16_000, 4000, 20_011), MadeSounds.Hits(2, 16_000, 7003)];
        float[] steady = [.. Enumerable.Range(0, 600).Select(frame => -4 + 0.3f * MathF.Sin(frame / 30f))];
        var pieces = SoundPlacement.Place(hits, steady);
        Assert.True(pieces.Sum(piece => piece.Duration(16_000)) > 5.5, "a steady curve must not be left with single hits");
    }

    static Recording Click(int seed)
    {
        var random = new Random(seed);
        var wave = new float[4000];
        for (var i = 0; i < 320; i++)
            wave[1000 + i] = (float)((random.NextDouble() - 0.5) * Math.Exp(-i / 60.0));
        return new($"click {seed}", 16_000, wave);
    }
}
