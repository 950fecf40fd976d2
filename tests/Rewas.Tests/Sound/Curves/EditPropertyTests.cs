using FsCheck;
using FsCheck.Fluent;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Sound.Curves;

/// <summary>Properties that hold for any curve and any edits.</summary>
public sealed class EditPropertyTests
{
    static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500);

    static readonly Gen<EnergyCurve> Curve =
        from count in Gen.Choose(1, 700)
        from values in Gen.ArrayOf(Gen.Choose(0, 100_000), count)
        select EnergyCurve.Of([.. values.Select(value => EnergyScale.OfNormalised(value / 100_000.0 * 0.9))]);

    // Includes values that no edit should accept. Then the edit must be refused; a wrong curve is never allowed.
    static readonly Gen<double> Number = Gen.Frequency(
        (12, Gen.Choose(-4000, 8000).Select(value => value / 1000.0)),
        (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1e300, -1e300, 1e-300)));

    static readonly Gen<TimeRange?> Range = Gen.Frequency(
        (1, Gen.Constant<TimeRange?>(null)),
        (1, from first in Number from length in Number select (TimeRange?)new TimeRange(first, first + length)),
        (
            3,
            from first in Gen.Choose(0, 3000)
            from length in Gen.Choose(1, 2000)
            select (TimeRange?)new TimeRange(first / 1000.0, (first + length) / 1000.0)));

    static readonly Gen<CurveEdit> Edit = Gen.OneOf(
        from range in Range from value in Number select (CurveEdit)new GainEdit(range, value * 5),
        from range in Range select (CurveEdit)new MuteEdit(range ?? new(0, 1)),
        from range in Range from value in Number select (CurveEdit)new FadeEdit(range ?? new(0, 1), value > 0),
        from range in Range from value in Number select (CurveEdit)new ShiftEdit(range, value),
        from range in Range from value in Number select (CurveEdit)new StretchEdit(range, value),
        from range in Range from value in Number select (CurveEdit)new SharpenEdit(range, value),
        from range in Range from value in Number select (CurveEdit)new SoftenEdit(range, value),
        from range in Range from value in Number select (CurveEdit)new StrengthEdit(range, value),
        from at in Number from value in Number from decay in Number select (CurveEdit)new EventEdit(at, value, decay),
        from at in Number select (CurveEdit)new RemoveEventEdit(at),
        from times in Gen.ListOf(Number)
        from level in Number
        select (CurveEdit)new DrawEdit([.. times.Select(time => new CurvePoint(time, level))]),
        from range in Range from other in Curve select (CurveEdit)new ReplaceEdit(range, other, "other"),
        from range in Range from weight in Number from other in Curve select (CurveEdit)new BlendEdit(range, weight, other, "other"));

    [Fact]
    public void An_edit_is_refused_or_gives_a_curve_of_the_same_length_without_NaN()
    {
        var applied = 0;
        Prop.ForAll(Curve.ToArbitrary(), Edit.ToArbitrary(), (curve, edit) =>
        {
            try
            {
                var edited = curve.Apply(edit);
                applied++;
                return edited.Count == curve.Count
                    && edited.Values.ToArray().All(value => value is >= EnergyScale.Silence and <= EnergyScale.Loudest);
            }
            catch (InputFault fault)
            {
                return fault.Message.StartsWith(edit.Name, StringComparison.Ordinal);
            }
        }).Check(Runs.WithMaxTest(3000));
        Assert.InRange(applied, 500, 3000);                                  // else the property says little
    }

    [Fact]
    public void Shifting_there_and_back_is_the_identity_inside_the_range() =>
        Prop.ForAll(Curve.ToArbitrary(), Gen.Choose(-700, 700).ToArbitrary(), (curve, frames) =>
    {
        if (Math.Abs(frames) > curve.Count)
            return true;
        var there = curve.Apply(new ShiftEdit(null, frames / 100.0), new ShiftEdit(null, -frames / 100.0));
        var (first, end) = (Math.Max(0, -frames), Math.Min(curve.Count, curve.Count - frames));
        return end <= first || there.Values[first..end].SequenceEqual(curve.Values[first..end]);
    }).Check(Runs);

    [Fact]
    public void Shifting_a_range_there_and_back_restores_it() => Prop.ForAll(
        Curve.ToArbitrary(), Gen.Choose(0, 700).ToArbitrary(), Gen.Choose(-700, 700).ToArbitrary(), (curve, first, frames) =>
    {
        var end = Math.Min(first + 40, curve.Count);
        if (first >= end || first + frames < 0 || end + frames > curve.Count)
            return true;
        var back = curve.Apply(
            new ShiftEdit(new(first / 100.0, end / 100.0), frames / 100.0),
            new ShiftEdit(new((first + frames) / 100.0, (end + frames) / 100.0), -frames / 100.0));
        return back.Values[first..end].SequenceEqual(curve.Values[first..end]);
    }).Check(Runs);

    [Fact]
    public void A_gain_and_its_opposite_cancel_where_nothing_falls_silent() =>
        Prop.ForAll(Curve.ToArbitrary(), Gen.Choose(-10, 10).ToArbitrary(), (curve, decibels) =>
    {
        var back = curve.Apply(new GainEdit(null, decibels), new GainEdit(null, -decibels));
        return curve.Values.ToArray().Zip(back.Values.ToArray()).All(pair =>
            Math.Abs(pair.First - pair.Second) < 1e-4 || EnergyScale.ToDecibels(pair.First) + decibels < -99.9);
    }).Check(Runs);

    [Fact]
    public void Every_curve_survives_CSV() =>
        Prop.ForAll(Curve.ToArbitrary(), curve => CurveCsv.Parse(CurveCsv.Lines(curve)).Equals(curve)).Check(Runs.WithMaxTest(100));
}
