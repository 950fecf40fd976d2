using System.Numerics.Tensors;
using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

public class ContinuousTests
{
    [Fact]
    public void Ten_seconds_of_rain_last_a_minute_without_a_repeat()
    {
        Recording[] rain = [MadeSounds.Noise(1, 10)];
        var level = GainFollowing.EnergyOf(rain[0].Channels[0], 1000).Average();
        float[] curve = [.. Enumerable.Range(0, 6000).Select(i => level + 0.4f * MathF.Sin(i / 80f))];
        var pieces = SoundPlacement.Place(rain, curve);
        var wave = new PieceRenderer(pieces, rain).RenderMono(960_000);

        // The sound may repeat only at distances at which two pieces use the same part of the recording.
        var offsets = pieces.Select(piece => (int)Math.Round(piece.Position * 16_000) - (int)piece.SourceStart).ToList();
        var lags = offsets.SelectMany((a, i) => offsets.Skip(i + 1).Select(b => Math.Abs(b - a)))
            .Where(lag => lag is > 8000 and < 800_000)
            .Distinct()
            .ToList();
        Assert.NotEmpty(lags);
        foreach (var lag in lags)
        {
            ReadOnlySpan<float> first = wave.AsSpan(..^lag), second = wave.AsSpan(lag..);
            var correlation = TensorPrimitives.Dot(first, second) / (TensorPrimitives.Norm(first) * TensorPrimitives.Norm(second));
            Assert.True(correlation < 0.5, $"{correlation} at {lag / 16_000.0} s");
        }
        // no hole, no burst
        Assert.All(
            Enumerable.Range(0, 600), i => Assert.InRange(TensorPrimitives.Norm<float>(wave.AsSpan(i * 1600, 1600)) / 40, 0.03, 0.3));
    }

    [Fact]
    public void A_recording_that_is_played_on_at_its_own_level_is_copied_bit_by_bit()
    {
        Recording[] takes = [MadeSounds.Noise(3, 4, 96_000, channels: 2)];
        PlacedPiece[] pieces = [new(0, 1000, 200_000, 0.5, 100, 1, [new(0, 1), new(3, 1)], 0.01, 0.01)];
        float[][] blocks = [new float[300_000], new float[300_000]];
        var renderer = new PieceRenderer(pieces, takes, 96_000, 2);
        for (var first = 0; first < 300_000; first += 50_000)                // part by part
        {
            float[][] part = [new float[50_000], new float[50_000]];
            renderer.Render(first, part);
            for (var channel = 0; channel < 2; channel++)
                part[channel].CopyTo(blocks[channel], first);
        }
        for (var channel = 0; channel < 2; channel++)
        {
            Assert.Equal(takes[0].Channels[channel][(1000 + 960)..(201_000 - 960)], blocks[channel][(48_000 + 960)..(248_000 - 960)]);
            Assert.False(blocks[channel].AsSpan(..48_000).ContainsAnyExcept(0f));
            Assert.False(blocks[channel].AsSpan(248_000..).ContainsAnyExcept(0f));
        }
    }

    [Fact]
    public void An_edit_of_the_curve_changes_only_what_it_reaches()
    {
        Recording[] takes = [MadeSounds.Noise(1, 10), MadeSounds.Noise(2, 7)];
        var curve = MadeSounds.Level(-4, 6000);
        var before = SoundPlacement.Place(takes, curve);
        curve.AsSpan(3000, 50).Fill(-2);
        var after = SoundPlacement.Place(takes, curve);
        foreach (var (from, to) in new[] { (0.0, 20.0), (40.0, 60.0) })
            Assert.Equal(In(before, from, to), In(after, from, to));
        // Noise is steady, so a gain follows the edit.
        Assert.NotEqual(Gains(before), Gains(after));

        static List<float> Gains(IReadOnlyList<PlacedPiece> pieces) =>
            [.. pieces.Where(piece => piece.Position is >= 25 and < 36).SelectMany(piece => piece.GainCurve).Select(point => point.Gain)];

        static List<(double, int, long)> In(IReadOnlyList<PlacedPiece> pieces, double from, double to) =>
            [
                .. pieces.Where(piece => piece.Position >= from && piece.Position < to)
                    .Select(piece => (piece.Position, piece.Recording, piece.SourceStart)),
            ];
    }

    /// <summary>A recording whose level is far from the curve's has no unit that fits best. It must not loop the one that is nearest.</summary>
    [Fact]
    public void A_steady_sound_goes_on_and_loops_nothing()
    {
        var pieces = SoundPlacement.Place([MadeSounds.Noise(1, 10), MadeSounds.Noise(2, 7)], MadeSounds.Level(-4, 6000));
        Assert.InRange(pieces.Count, 20, 60);                                // each stretch of 2.5 s may end at a jump
        Assert.InRange(pieces.CountBy(piece => (piece.Recording, piece.SourceStart)).Max(same => same.Value), 1, 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_pieces_and_another_one_others()
    {
        Recording[] takes = [MadeSounds.Noise(1, 5), MadeSounds.Noise(2, 5)];
        var curve = MadeSounds.Level(-4, 1500);
        var (first, again) = (
            SoundPlacement.Place(takes, curve, new() { Seed = 1 }), SoundPlacement.Place(takes, curve, new() { Seed = 1 }));
        Assert.Equal(first.Select(Plain), again.Select(Plain));
        Assert.Equal(first.SelectMany(piece => piece.GainCurve), again.SelectMany(piece => piece.GainCurve));
        Assert.NotEqual(first.Select(Plain), SoundPlacement.Place(takes, curve, new() { Seed = 2 }).Select(Plain));

        static PlacedPiece Plain(PlacedPiece piece) => piece with { GainCurve = [] };
    }

    [Fact]
    public void A_recording_of_a_few_samples_is_no_failure()
    {
        Recording[] takes = [new("short", 44_100, [0.1f, 0.2f])];
        Assert.NotNull(SoundPlacement.Place(takes, MadeSounds.Level(-4, 3)));
        Assert.Empty(SoundPlacement.Place(takes, MadeSounds.Silence(50)));
    }
}
