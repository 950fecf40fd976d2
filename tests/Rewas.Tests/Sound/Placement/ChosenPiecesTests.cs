using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

/// <summary>Pieces that a user bans or pins, and edits of the curve.</summary>
public class ChosenPiecesTests
{
    static readonly Recording[] Hits =
    [
        MadeSounds.Hits(1, 16_000, 4000, 20_011), MadeSounds.Hits(2, 16_000, 7003), MadeSounds.Hits(3, 16_000, 5555, 23_456),
    ];
    static readonly Recording[] Noises = [MadeSounds.Noise(1, 10), MadeSounds.Noise(2, 7)];
    static readonly int[] Impacts = [.. Enumerable.Range(0, 45).Select(i => 20 + 65 * i)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    public void A_removed_event_changes_few_choices_beside_it(uint seed)
    {
        var before = Placed(MadeSounds.Drawn(3000, Impacts), seed);
        var after = Placed(MadeSounds.Drawn(3000, Impacts.Where(impact => impact != Impacts[22])), seed);
        Assert.Equal(before.Count - 1, after.Count);
        var at = Impacts[22] / 100.0;
        bool IsFar(PlacedPiece piece) => Math.Abs(piece.Position - at) > 4;
        Assert.Equal(before.Where(IsFar).Select(Plain), after.Where(IsFar).Select(Plain));
        Assert.True(before.Count(IsFar) > 30);
    }

    [Fact]
    public void A_banned_hit_is_replaced_at_its_place_and_the_far_ones_stay()
    {
        var curve = MadeSounds.Drawn(3000, Impacts);
        var before = Placed(curve, seed: 5);
        var banned = before[20];
        var after = Placed(curve, seed: 5, new() { Banned = [Choice(banned)] });
        Assert.Equal(before.Count, after.Count);
        Assert.NotEqual(banned.SourceAttack, after[20].SourceAttack);
        Assert.Equal(banned.Position, after[20].Position, 0.02);
        bool IsFar(PlacedPiece piece) => Math.Abs(piece.Position - banned.Position) > 4;
        Assert.Equal(before.Where(IsFar).Select(Plain), after.Where(IsFar).Select(Plain));
    }

    [Fact]
    public void Where_every_take_is_banned_there_is_no_sound()
    {
        Recording[] one = [MadeSounds.Hits(1, 16_000, 4000)];
        var curve = MadeSounds.Drawn(600, [50, 200, 400]);
        var before = SoundPlacement.Place(one, curve);
        var after = SoundPlacement.Place(one, curve, new() { Separate = true, Banned = [Choice(before[1])] });
        Assert.Equal([Plain(before[0]).Position, before[2].Position], after.Select(piece => piece.Position), Near);
    }

    [Fact]
    public void A_pinned_hit_stays_under_another_seed()
    {
        var curve = MadeSounds.Drawn(3000, Impacts);
        var pinned = Placed(curve, seed: 5)[20];
        var other = Placed(curve, seed: 6, new() { Pinned = [Choice(pinned)] });
        Assert.Equal(45, other.Count);
        Assert.Contains(other, piece => Choice(piece) == Choice(pinned));
        for (var i = 1; i < other.Count; i++)
            Assert.True(other[i].Position - other[i - 1].Position > 0.5, "one sound at each attack");
    }

    [Fact]
    public void A_banned_part_of_a_continuous_sound_is_not_used_there()
    {
        var curve = MadeSounds.Level(-4, 3000);
        var before = SoundPlacement.Place(Noises, curve);
        var banned = before[before.Count / 2];
        var after = SoundPlacement.Place(Noises, curve, new() { Banned = [Choice(banned)] });
        var (from, until) = (banned.Position + 0.3, banned.Position + banned.Duration(16_000) - 0.3);
        Assert.True(until > from, "the banned piece is long enough");
        Assert.DoesNotContain(after, piece =>
            piece.Recording == banned.Recording
            && Overlap(
                SourceAt(piece, Math.Max(from, piece.Position)),
                SourceAt(piece, Math.Min(until, piece.Position + piece.Duration(16_000))),
                banned.SourceStart,
                banned.SourceStart + banned.SourceLength) > 0);
        Assert.Equal(before.Where(IsFar).Select(Plain), after.Where(IsFar).Select(Plain));

        bool IsFar(PlacedPiece piece) => piece.Position > until + 8 || piece.Position + piece.Duration(16_000) < from - 8;

        // The sample of the recording that a piece plays at a time.
        static double SourceAt(PlacedPiece piece, double seconds) => piece.SourceStart + (seconds - piece.Position) * 16_000;
    }

    [Fact]
    public void A_pinned_part_of_a_continuous_sound_stays_and_the_others_make_room()
    {
        var curve = MadeSounds.Level(-4, 3000);
        var pin = new PieceChoice(1, 16_000, 32_000, 12.3456, 100);
        var pieces = SoundPlacement.Place(Noises, curve, new() { Pinned = [pin] });
        Assert.Contains(pieces, piece => Choice(piece) == pin);
        Assert.DoesNotContain(pieces, piece =>
            Choice(piece) != pin && Overlap(piece.Position, piece.Position + piece.Duration(16_000), 12.6, 14.1) > 0);
        var wave = new PieceRenderer(pieces, Noises).RenderMono(480_000);
        for (var i = 0; i < 300; i++)
            Assert.True(wave.AsSpan(i * 1600, 1600).ContainsAnyExcept(0f), $"silence at {i / 10.0} s");
    }

    [Fact]
    public void Parts_of_a_sound_are_the_same_as_the_whole_at_any_rate_and_speed()
    {
        Recording[] takes = [MadeSounds.Noise(3, 4, 44_100, channels: 2), MadeSounds.Noise(4, 3, 48_000)];
        PlacedPiece[] pieces =
        [
            new(0, 1000, 100_000, 0.2, 98, 0.5f, [new(0, 1), new(1, 0.2f), new(2, 1)], 0.01, 0.1),
            new(1, 10, 100_000, 1.1, 100, 1, [], 0.16, 0.16),
            new(1, 0, 144_000, 1.5, 103, 0.7f, [], 0, 0),
        ];
        const int Length = 250_000;
        float[][] whole = [new float[Length], new float[Length]];
        new PieceRenderer(pieces, takes, 48_000, 2).Render(0, whole);
        var renderer = new PieceRenderer(pieces, takes, 48_000, 2);
        foreach (var (first, count) in new[] { (200_000, 7000), (0, 1), (40_001, 9999), (100_003, 100_000), (249_999, 1) })
        {
            float[][] part = [new float[count], new float[count]];
            renderer.Render(first, part);
            for (var channel = 0; channel < 2; channel++)
                Assert.Equal(whole[channel][first..(first + count)], part[channel]);
        }
    }

    static IReadOnlyList<PlacedPiece> Placed(float[] curve, uint seed, PlacementOptions? options = null) =>
        SoundPlacement.Place(Hits, curve, (options ?? new()) with { Seed = seed });

    static PieceChoice Choice(PlacedPiece piece) =>
        new(piece.Recording, piece.SourceStart, piece.SourceLength, piece.Position, piece.SpeedPercent);

    /// <summary>Without the gain, which may differ in its last digits.</summary>
    static PlacedPiece Plain(PlacedPiece piece) => piece with { GainCurve = [] };

    static double Overlap(double start, double end, double from, double to) => Math.Min(end, to) - Math.Max(start, from);

    static bool Near(double a, double b) => Math.Abs(a - b) < 0.02;
}
