using System.Numerics.Tensors;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Stretches time from the start of the curve or range: <c>stretch 1.02</c>, <c>stretch 1s..2s=0.5</c>. A stretched range overwrites what
/// follows it and must stay inside the curve; if it shrinks, a line leads to what follows. If the whole curve is stretched, values past its
/// end are lost; if it shrinks, the quietest value fills the rest.
/// </summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Factor">Length relative to before, 0.1 to 10.</param>
public sealed record StretchEdit(TimeRange? Range, double Factor) : CurveEdit
{
    public static EditForm Form { get; } = EditForm.Of("stretch", "[RANGE=]FACTOR", "slower (1.5) or faster (0.5)", text =>
        new StretchEdit(text.Range, text.Number));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Number(Factor);

    public override IEnumerable<InputFault> Faults(int count)
    {
        InputFault[] faults = [.. RangeFaults(Range, count), .. OutOf(0.1, 10, Factor, "")];
        return faults.Length == 0 && Range is { } range && range.First + Length(range.End - range.First) > count
            ? [InputFault.Invalid(Name, FormattableString.Invariant(
                $"must stay inside the curve, 0 to {EnergyCurve.SecondsAt(count):0.##} s, but {Argument} does not"))]
            : faults;
    }

    int Length(int count) => Math.Max(1, (int)Math.Round(count * Factor));

    protected override void Change(Span<float> values)
    {
        var quietest = TensorPrimitives.Min<float>(values);
        var source = Part(values, Range).ToArray();
        var first = Range?.First ?? 0;
        var end = Math.Min(values.Length, first + Length(source.Length));
        for (var i = first; i < end; i++)
        {
            var position = Math.Min((i - first) / Factor, source.Length - 1);
            var before = (int)position;
            values[i] = Line.At(source[before], source[Math.Min(before + 1, source.Length - 1)], position - before);
        }
        if (Range is { } range && end < range.End)
            Line.Fill(values, end, range.End, quietest);
        else if (Range is null)
            values[end..].Fill(quietest);
    }
}
