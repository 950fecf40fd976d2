using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Mel;

namespace Rewas.Tests.Sound;

public class EnergyFitTests
{
    const double LimitInNepers = 1.381551;   // 12 dB
    static readonly ClipTiming TrueTimes = new()
    {
        TokenLayout = TokenLayout.TrueTimes,
        FirstFrame = 0,
        SegmentStride = 16,
        SegmentsPerWindow = 8,
    };

    [Fact]
    public void A_mel_whose_energy_is_what_was_asked_for_is_left_alone()
    {
        var mel = MelOf(frame => -6 + 2 * MathF.Sin(frame / 80f));
        var fitted = (float[])mel.Clone();
        EnergyFit.Apply(fitted, Energy.Control(Energy.OfLogMel(mel), TrueTimes), TrueTimes, share: 1);
        Assert.All(mel.Zip(fitted), pair => Assert.Equal(pair.First, pair.Second, 0.05));
    }

    [Fact]
    public void What_is_too_loud_and_what_is_too_soft_come_to_the_curve_and_keep_their_colour()
    {
        var control = Energy.Control([.. Enumerable.Range(0, 512).Select(frame => -5 + MathF.Sin(frame / 60f))], TrueTimes);
        var mel = MelOf(frame => frame < 256 ? -4.2f : -5.5f);
        EnergyFit.Apply(mel, control, TrueTimes, share: 1);
        var energy = Energy.OfLogMel(mel);
        // where the mel jumps, a curve in tokens decides nothing
        foreach (var frame in Enumerable.Range(0, 512).Where(frame => Math.Abs(frame - 256) > 24))
            Assert.Equal(control[frame], energy[frame], 0.25);
        Assert.Equal(1, mel[64 * 100 + 63] - mel[64 * 100], 1e-4);
    }

    [Fact]
    public void Nothing_is_moved_by_more_than_the_limit_nor_below_silence()
    {
        var (soft, loud) = (MelOf(_ => -10), MelOf(_ => -3));
        EnergyFit.Apply(soft, Enumerable.Repeat(-2f, 512).ToArray(), TrueTimes, share: 1);
        EnergyFit.Apply(loud, Enumerable.Repeat(-11f, 512).ToArray(), TrueTimes, share: 1);
        Assert.Equal(-10 + LimitInNepers, Energy.OfLogMel(soft)[200], 1e-3);
        Assert.Equal(-3 - LimitInNepers, Energy.OfLogMel(loud)[200], 1e-3);
        var silent = MelOf(_ => -11.2f);
        EnergyFit.Apply(silent, Enumerable.Repeat(-12f, 512).ToArray(), TrueTimes, share: 1);
        Assert.All(silent, value => Assert.True(value >= SilenceFloor.LogMel));
    }

    [Fact]
    public void A_share_goes_that_share_of_the_way_and_none_changes_nothing()
    {
        var (half, none) = (MelOf(_ => -6), MelOf(_ => -6));
        var asked = Enumerable.Repeat(-5f, 512).ToArray();
        EnergyFit.Apply(half, asked, TrueTimes, share: 0.5);
        EnergyFit.Apply(none, asked, TrueTimes, share: 0);
        Assert.All(Energy.OfLogMel(half), value => Assert.Equal(-5.5, value, 1e-3));
        Assert.Equal(MelOf(_ => -6), none);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    public void The_edge_of_a_drawn_event_is_taken_to_the_frame(double share)
    {
        const int Edge = 203;                                                // inside a token
        var control = Enumerable.Range(0, 512).Select(frame => frame < Edge ? -8f : -7f).ToArray();
        var mel = MelOf(_ => -7.5f);
        EnergyFit.Apply(mel, control, TrueTimes, share);
        var energy = Energy.OfLogMel(mel);
        Assert.Equal(Edge, Enumerable.Range(1, 511).MaxBy(frame => energy[frame] - energy[frame - 1]));
    }

    [Fact]
    public void The_published_layout_is_fitted_too()
    {
        var mel = MelOf(_ => -6);
        EnergyFit.Apply(mel, Enumerable.Repeat(-5.5f, 512).ToArray(), new ClipTiming(), share: 1);
        Assert.All(Energy.OfLogMel(mel), value => Assert.Equal(-5.5, value, 1e-3));
    }

    /// <summary>A mel of this energy that rises by 1 from the lowest bin to the highest.</summary>
    static float[] MelOf(Func<int, float> energy) =>
        [.. Enumerable.Range(0, 512 * 64).Select(i => energy(i / 64) + (i % 64) / 63f - 0.5f)];
}
