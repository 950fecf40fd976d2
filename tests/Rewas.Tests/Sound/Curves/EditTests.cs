using Rewas.Clip.Faults;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Sound.Curves;

public sealed class EditTests
{
    static readonly EnergyCurve Curve = SampleCurves.TwoImpacts();

    [Fact]
    public void A_gain_adds_its_decibels_inside_its_range_alone()
    {
        var edited = Curve.Apply(new GainEdit(new(1, 2), -10));
        Assert.Equal(Curve[99], edited[99]);
        Assert.Equal(Curve[100] - 10 * Math.Log(10) / 20, edited[100], 1e-5);
        Assert.Equal(Curve[200], edited[200]);
    }

    [Fact]
    public void Nothing_is_quieter_than_silence()
    {
        var edited = Curve.Apply(new GainEdit(null, -100), new GainEdit(null, -100));
        Assert.All(edited.Values.ToArray(), value => Assert.Equal(EnergyScale.Silence, value));
        Assert.Equal(-100, EnergyScale.ToDecibels(EnergyScale.Silence), 1e-4);
    }

    [Fact]
    public void What_would_be_louder_than_the_loudest_is_refused_with_time_and_level()
    {
        var fault = Assert.Throws<InputFault>(() => Curve.Apply(new GainEdit(new(0.4, 1), 60)));
        Assert.Equal((FaultKind.Invalid, "gain"), (fault.Kind, fault.Field));
        Assert.Equal("gain: '0.4s..1s=+60dB' would lift the curve to 33.9 dB at 0.5 s, but at most 17.4 dB are possible", fault.Message);
    }

    [Fact]
    public void Every_edit_that_does_not_fit_is_told_at_once()
    {
        var fault = Assert.Throws<InputFault>(() => Curve.Apply(new MuteEdit(new(1, 5)), new ShiftEdit(null, 9), new EventEdit(3.1, 0)));
        Assert.Equal(
            "mute: must lie inside the curve, 0 to 3 s, but 1s..5s does not; shift: must be from -3 to 3 s, but is 9; event: must lie "
            + "inside the curve, 0 to 3 s, but 3.1 s does not",
            fault.Message);
    }

    public static TheoryData<CurveEdit, string> Misfits() => new()
    {
        { new GainEdit(null, double.NaN), "gain: must be from -100 to 100 dB, but is NaN" },
        { new GainEdit(new(1, 1), 3), "gain: must last at least 10 ms, but 1s..1s does not" },
        { new GainEdit(new(double.NaN, 1), 3), "gain: must lie inside the curve, 0 to 3 s, but NaNs..1s does not" },
        { new ShiftEdit(new(1, 2), 1.5), "shift: must stay inside the curve, 0 to 3 s, but 1s..2s=+1.5s does not" },
        { new StretchEdit(null, 0), "stretch: must be from 0.1 to 10, but is 0" },
        { new StretchEdit(new(1, 2), 3), "stretch: must stay inside the curve, 0 to 3 s, but 1s..2s=3 does not" },
        { new SoftenEdit(null, 11), "soften: must be from 0.01 to 10 s, but is 11" },
        { new StrengthEdit(null, -1), "strength: must be from 0 to 4, but is -1" },
        { new RemoveEventEdit(1.4), "remove-event: there is no event within 150 ms of 1.4 s: no peak rises 3 dB above what is round it" },
        { new DrawEdit([new(1, -10)]), "draw: must have 2 to 1000 points, but has 1" },
        {
            new DrawEdit([new(2, -10), new(1, -10)]),
            "draw: points must be in order of time, at least 10 ms apart, but 2 s comes before 1 s"
        },
        { new DrawEdit([new(1, -10), new(3.01, -10)]), "draw: must lie inside the curve, 0 to 3 s, but 3.01 s does not" },
        { new DrawEdit([new(1, -10), new(2, 18)]), "draw: must be from -100 to 17 dB, but is 18" },
        { new ReplaceEdit(null, EnergyCurve.Of([-1f]), "short.csv"), "replace: 'short.csv' must reach to 3 s, but ends at 0.01 s" },
        { new BlendEdit(null, 1.1, SampleCurves.Other, "other.csv"), "blend: must be from 0 to 1, but is 1.1" },
    };

    [Theory]
    [MemberData(nameof(Misfits), DisableDiscoveryEnumeration = true)]
    public void What_does_not_fit_is_named(CurveEdit edit, string message) =>
        Assert.Equal(message, Assert.Throws<InputFault>(() => Curve.Apply(edit)).Message);

    /// <summary>A line may be drawn to the end of the film, where the last value is already past.</summary>
    [Fact]
    public void A_line_may_end_at_the_end()
    {
        var values = Curve.Apply(new DrawEdit([new(2, -100), new(3, 0)])).Values;
        Assert.Equal(EnergyScale.OfDecibels(-1), values[^1], 1e-4);
    }

    [Fact]
    public void A_shift_moves_the_impacts()
    {
        var edited = Curve.Apply(new ShiftEdit(null, 0.3));
        Assert.Equal([80, 230], Peaks(edited));
        Assert.Equal([20, 170], Peaks(Curve.Apply(new ShiftEdit(null, -0.3))));
    }

    [Fact]
    public void A_range_that_is_shifted_leaves_a_line_behind()
    {
        var edited = Curve.Apply(new ShiftEdit(new(1.95, 2.5), 0.3));
        Assert.Equal([50, 230], Peaks(edited));
        Assert.InRange(edited[200], Curve[194], Curve[250]);
    }

    [Fact]
    public void Stretching_moves_the_impacts_in_proportion()
    {
        Assert.Equal([60, 240], Peaks(Curve.Apply(new StretchEdit(null, 1.2))));
        Assert.Equal([50, 150], Peaks(Curve.Apply(new StretchEdit(new(1, 2.1), 0.5))));
    }

    [Fact]
    public void An_event_is_measured_from_the_loudest_value_and_dies_away()
    {
        var edited = Curve.Apply(new EventEdit(1.2, 6, 0.3));
        Assert.Equal(Curve[50] + EnergyScale.OfDecibels(6), edited[120], 1e-4);
        Assert.Equal(Curve[119], edited[119]);
        Assert.Equal(edited[120] - EnergyScale.OfDecibels(20), edited[130], 1e-4);
        Assert.Equal([50, 120, 200], Peaks(edited));
    }

    [Fact]
    public void An_event_cannot_be_measured_from_silence()
    {
        var fault = Assert.Throws<InputFault>(() => Curve.Apply(new MuteEdit(new(0, 3)), new EventEdit(1, 0)));
        Assert.Equal("event: is measured from the curve's loudest value, but the curve is silent: draw the event instead", fault.Message);
    }

    [Fact]
    public void An_event_that_is_removed_is_gone_and_the_other_stays()
    {
        Assert.Equal([50], Peaks(Curve.Apply(new RemoveEventEdit(2.1))));
        Assert.Equal([200], Peaks(Curve.Apply(new RemoveEventEdit(0.45))));
    }

    [Fact]
    public void What_was_added_can_be_removed()
    {
        var edited = Curve.Apply(new EventEdit(1.3, 0), new RemoveEventEdit(1.3));
        Assert.Equal([50, 200], Peaks(edited));
    }

    [Fact]
    public void Strength_scales_how_far_the_curve_moves()
    {
        Assert.All(
            Curve.Apply(new StrengthEdit(null, 0)).Values.ToArray(), value => Assert.Equal(Curve.Values.ToArray().Average(), value, 1e-4));
        var edited = Curve.Apply(new StrengthEdit(null, 0.5));
        Assert.Equal((Curve[50] - Curve[0]) / 2, edited[50] - edited[0], 1e-4);
    }

    [Fact]
    public void Sharpening_raises_peaks_and_softening_lowers_them()
    {
        Assert.True(Curve.Apply(new SharpenEdit(null, 1))[50] > Curve[50]);
        Assert.True(Curve.Apply(new SoftenEdit(null, 0.2))[50] < Curve[50]);
    }

    [Fact]
    public void Fades_are_even_in_amplitude()
    {
        var edited = Curve.Apply(new GainEdit(null, 0), new FadeEdit(new(0, 0.2), Out: false), new FadeEdit(new(2.8, 3), Out: true));
        Assert.Equal(EnergyScale.Silence, edited[0]);
        Assert.Equal(Curve[10] + Math.Log(0.5), edited[10], 1e-4);
        Assert.Equal(EnergyScale.Silence, edited[299]);
    }

    [Fact]
    public void Half_of_each_is_the_mean()
    {
        var edited = Curve.Apply(new BlendEdit(null, 0.5, SampleCurves.Other, "other"));
        Assert.Equal((Curve[70] + SampleCurves.Other[70]) / 2, edited[70], 1e-5);
    }

    static int[] Peaks(EnergyCurve curve) =>
        [
            .. Enumerable.Range(1, curve.Count - 2).Where(i =>
                curve[i] > curve[i - 1] + 0.5
                    && curve[i] >= curve[i + 1]
                    || curve[i] > curve[i - 1]
                    && curve[i - 1] > curve[Math.Max(0, i - 2)] + 0.5
                    && curve[i] >= curve[i + 1]),
        ];
}
