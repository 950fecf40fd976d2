using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

public class OneShotTests
{
    static readonly int[] Impacts = [30, 95, 140, 230, 300, 391, 480, 560, 700, 850];
    static readonly Recording[] Takes =
    [
        MadeSounds.Hits(1, 16_000, 4000, 20_011), MadeSounds.Hits(2, 16_000, 7003), MadeSounds.Hits(3, 16_000, 5555, 23_456),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(77)]
    public void Each_of_ten_drawn_events_is_heard_within_5_ms(uint seed)
    {
        var pieces = SoundPlacement.Place(Takes, MadeSounds.Drawn(1000, Impacts), new() { Seed = seed });
        var wave = new PieceRenderer(pieces, Takes).RenderMono(160_000);
        Assert.Equal(Impacts.Length, pieces.Count);
        foreach (var impact in Impacts)
            Assert.InRange(AttackSearch.Refine(wave, impact * 160), impact * 160 - 80, impact * 160 + 80);
    }

    [Fact]
    public void Long_tails_end_when_sixteen_others_sound()
    {
        // A cymbal that rings for 8 s, struck every 0.2 s.
        var (random, wave) = (new Random(1), new float[8 * 16_000]);
        for (var i = 1600; i < wave.Length; i++)
            wave[i] = (float)((random.NextDouble() - 0.5) * Math.Exp(-(i - 1600) / 16_000.0));
        var pieces = SoundPlacement.Place(
            [new Recording("cymbal", 16_000, wave)], MadeSounds.Drawn(2000, Enumerable.Range(0, 99).Select(i => 10 + 20 * i)),
            new() { Separate = true });
        Assert.Equal(99, pieces.Count);
        var most = pieces.Max(piece => pieces.Count(
            other => other.Position <= piece.Position && other.Position + other.Duration(16_000) > piece.Position));
        Assert.InRange(most, 10, 17);                                        // the next one begins a little before the first ends
    }

    [Fact]
    public void An_attack_of_a_recording_is_found_to_the_sample_at_its_own_rate()
    {
        Recording[] takes = [MadeSounds.Hits(4, 96_000, 30_001, 150_000)];
        var pieces = SoundPlacement.Place(takes, MadeSounds.Drawn(400, [50, 200]));
        Assert.All(pieces, piece => Assert.True(
            Math.Min(Math.Abs(piece.SourceAttack!.Value - 30_001), Math.Abs(piece.SourceAttack.Value - 150_000)) <= 96,
            $"attack at {piece.SourceAttack}"));
    }

    [Fact]
    public void Takes_take_turns_and_none_comes_twice_in_a_row()
    {
        var pieces =
            SoundPlacement.Place(Takes, MadeSounds.Drawn(3000, Enumerable.Range(0, 45).Select(i => 20 + 65 * i)), new() { Seed = 5 });
        Assert.Equal(45, pieces.Count);
        for (var i = 1; i < pieces.Count; i++)
            Assert.NotEqual((pieces[i - 1].Recording, pieces[i - 1].SourceAttack), (pieces[i].Recording, pieces[i].SourceAttack));
        Assert.Equal(3, pieces.Select(piece => piece.Recording).Distinct().Count());
        Assert.True(pieces.Select(piece => piece.SpeedPercent).Distinct().Count() > 2);
        Assert.All(pieces, piece => Assert.InRange(piece.SpeedPercent, 98, 102));
    }

    [Fact]
    public void A_single_take_differs_from_one_time_to_the_next()
    {
        Recording[] takes = [MadeSounds.Hits(6, 16_000, 4000)];
        var pieces = SoundPlacement.Place(takes, MadeSounds.Drawn(2000, Enumerable.Range(0, 20).Select(i => 20 + 95 * i)));
        for (var i = 1; i < pieces.Count; i++)
            Assert.NotEqual(pieces[i - 1].SpeedPercent, pieces[i].SpeedPercent);
    }

    [Fact]
    public void A_hit_is_placed_whole_with_its_tail()
    {
        var pieces = SoundPlacement.Place(Takes, MadeSounds.Drawn(1000, Impacts));
        Assert.All(pieces.Zip(Impacts.Skip(1).Zip(Impacts, (next, impact) => next - impact)), pair =>
            Assert.True(
                pair.First.Duration(16_000) >= Math.Min(0.4, pair.Second / 100.0),
                $"{pair.First.Duration(16_000)} s before {pair.Second / 100.0} s"));
    }

    [Fact]
    public void What_lies_between_hits_is_silence_where_the_curve_is()
    {
        var curve = MadeSounds.Drawn(1000, [100, 600]);
        var wave = new PieceRenderer(SoundPlacement.Place(Takes, curve), Takes).RenderMono(160_000);
        Assert.False(wave.AsSpan(0, 99 * 160).ContainsAnyExcept(0f));
        Assert.False(wave.AsSpan(190 * 160, 400 * 160).ContainsAnyExcept(0f));
        Assert.True(wave.AsSpan(600 * 160, 1600).ContainsAnyExcept(0f));
    }

    [Fact]
    public void Short_recordings_are_kept_whole_under_a_curve_that_they_cannot_follow()
    {
        float[] curve = [.. Enumerable.Range(0, 1000).Select(i => -4 + MathF.Max(0, 2 - (i + 50) % 125 * 0.02f))];
        var whole = SoundPlacement.Place(Takes[1..2], curve, new() { KeepShortWhole = true });
        Assert.Equal(9, whole.Count);                                        // the first rises from silence
        Assert.All(whole, piece => Assert.NotNull(piece.SourceAttack));
    }
}
