using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>
/// Part another curve, such as the energy of a reference recording: <c>blend 0.5,reference.wav</c>, <c>blend 1s..2s=0.3,other.csv</c>. In the curve's own unit,
/// so that half of each is their geometric mean.
/// </summary>
/// <param name="Range">Where; the whole curve if null.</param>
/// <param name="Weight">Of the other curve, 0 to 1.</param>
/// <param name="With">The other curve; it must reach to the end of the range.</param>
/// <param name="Source">What the other curve is called in text: its file.</param>
public sealed record BlendEdit(TimeRange? Range, double Weight, EnergyCurve With, string Source) : CurveEdit
{
    public override string Name => "blend";

    public override string Argument => $"{Prefix(Range)}{CurveText.Number(Weight)},{Source}";

    public override IEnumerable<InputFault> Faults(int count) =>
        [.. RangeFaults(Range, count), .. OutOf(0, 1, Weight, ""), .. ReplaceEdit.CoverFaults(Name, Range, With, Source, count)];

    protected override void Change(Span<float> values)
    {
        for (var i = Range?.First ?? 0; i < (Range?.End ?? values.Length); i++)
            values[i] = Line.At(values[i], With[i], Weight);
    }
}
