using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Placement;

namespace Rewas.Tests.Sound.Placement;

public class TokenCurveTests
{
    const int Hz = 16_000;
    static readonly double[] Hits = [0.53, 1.107, 1.66, 2.414, 3.05, 3.733, 4.47];

    static readonly ClipTiming TrueTimes = new() { TokenLayout = TokenLayout.TrueTimes, SegmentsPerWindow = 15 };

    [Theory]
    [InlineData(TokenLayout.EndToEnd, 0)]
    [InlineData(TokenLayout.TrueTimes, 0)]
    [InlineData(TokenLayout.EndToEnd, 13)]
    [InlineData(TokenLayout.TrueTimes, 13)]
    public void Attacks_are_found_between_tokens_wherever_the_first_one_begins(TokenLayout layout, int skipped)
    {
        var curve = Control(layout)[skipped..];
        var attacks = CurveRise.Find(curve);
        var distances = Hits.Select(hit => attacks.Min(attack => Math.Abs(attack.Frame + skipped - 100 * hit)))
            .Order().ToList();
        Assert.InRange(attacks.Count, Hits.Length, Hits.Length + 2);
        Assert.InRange(distances[distances.Count / 2], 0, 4.6);              // frames of 10 ms; a token lasts 4.6 or 8
        Assert.InRange(distances[^1], 0, 7);
    }

    [Theory]
    [InlineData(TokenLayout.EndToEnd)]
    [InlineData(TokenLayout.TrueTimes)]
    public void One_shots_are_placed_under_a_control_hit_by_hit(TokenLayout layout)
    {
        Recording[] takes = [MadeSounds.Hits(1, Hz, 4000, 20_011), MadeSounds.Hits(2, Hz, 7003)];
        var pieces = SoundPlacement.Place(takes, Control(layout), new() { KeepShortWhole = true });
        Assert.InRange(pieces.Count, Hits.Length, Hits.Length + 4);          // a swing of the noise may count as a soft hit
        var attacks = pieces.Select(piece =>
            piece.Position + (piece.SourceAttack!.Value - piece.SourceStart) * 100.0 / (Hz * piece.SpeedPercent)).ToList();
        Assert.All(Hits, hit => Assert.Contains(attacks, attack => Math.Abs(attack - hit) <= 0.07));
    }

    [Fact]
    public void An_event_drawn_into_a_control_is_met_to_the_frame()
    {
        var curve = Control(TokenLayout.TrueTimes);
        for (var frame = 203; frame < 240; frame++)
            curve[frame] = Math.Max(curve[frame], -0.5f - 0.115f * (frame - 203));
        Assert.Contains(CurveRise.Find(curve), attack => Math.Abs(attack.Frame - 203) < 0.5);
    }

    [Fact]
    public void What_was_drawn_is_no_curve_of_tokens()
    {
        Assert.Null(TokenCurve.Of(MadeSounds.Drawn(1000, [30, 95, 140, 230])));
        var steps = MadeSounds.Silence(800);
        steps.AsSpan(80, 160).Fill(-3);                                      // one long step that begins where a token may
        Assert.Null(TokenCurve.Of(steps));
        Assert.Null(TokenCurve.Of(MadeSounds.Silence(800)));
        Assert.Null(TokenCurve.Of([-3f, -4f]));
    }

    [Fact]
    public void The_energy_of_the_sound_behind_a_control_resolves_to_that_control()
    {
        var energy = Energy(Wave());
        var curve = Rewas.Sound.Energy.Control(energy, TrueTimes);
        var resolved = TokenCurve.Of(curve)!.Resolve(energy);
        Assert.True(Correlation.Pearson(curve, resolved) > 0.999, $"{Correlation.Pearson(curve, resolved)}");
    }

    /// <summary>The control of a sound with hits at known times, [512].</summary>
    static float[] Control(TokenLayout layout) =>
        Rewas.Sound.Energy.Control(Energy(Wave()), layout == TokenLayout.TrueTimes ? TrueTimes : new());

    static float[] Wave()
    {
        var random = new Random(1);                                          // of a soft background
        var hits = MadeSounds.Hits(9, Hz, [.. Hits.Select(hit => (int)(hit * Hz))]).Channels[0];
        return [.. hits.Take(ClipTiming.SamplesPerWindow).Select(sample => sample + 0.01f * (float)(random.NextDouble() - 0.5))];
    }

    static float[] Energy(float[] wave) => GainFollowing.EnergyOf(wave, ClipTiming.MelFramesPerWindow);
}
