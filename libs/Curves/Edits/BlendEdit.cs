using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>
/// Mixes with another curve, such as the energy of a reference recording: <c>blend 0.5,reference.wav</c>,
/// <c>blend 1s..2s=0.3,other.csv</c>. It mixes in the curve's logarithmic unit, so half of each is the geometric mean.
/// </summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Weight">Weight of the other curve, 0 to 1.</param>
/// <param name="With">The other curve. It must reach the end of the range.</param>
/// <param name="Source">File name of the other curve, as in the text form.</param>
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
