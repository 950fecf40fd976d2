using System.Numerics.Tensors;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Moves earlier or later: <c>shift +300ms</c>, <c>shift 1s..2s=-0.1s</c>. A moved range overwrites the values at its new place and must
/// stay inside the curve; a line joins the neighbours of its old place. If the whole curve moves, values past an end are lost, and the
/// quietest value fills the other end.
/// </summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Seconds">Delay, rounded to 10 ms.</param>
public sealed record ShiftEdit(TimeRange? Range, double Seconds) : CurveEdit
{
    public static EditForm Form { get; } = EditForm.Of("shift", "[RANGE=]TIME", "later (+300ms) or earlier (-0.3s)", text =>
        new ShiftEdit(text.Range, text.Seconds));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Change(Seconds);

    public override IEnumerable<InputFault> Faults(int count)
    {
        var duration = EnergyCurve.SecondsAt(count);
        InputFault[] faults = [.. RangeFaults(Range, count), .. OutOf(-duration, duration, Seconds, " s")];
        return faults.Length == 0 && Range is { } range && (range.First + Frames < 0 || range.End + Frames > count)
            ? [InputFault.Invalid(Name, FormattableString.Invariant(
                $"must stay inside the curve, 0 to {duration:0.##} s, but {Argument} does not"))]
            : faults;
    }

    int Frames => EnergyCurve.IndexAt(Seconds);

    protected override void Change(Span<float> values)
    {
        var quietest = TensorPrimitives.Min<float>(values);
        var moved = Part(values, Range).ToArray();
        if (Range is { } range)
        {
            Line.Fill(values, range.First, range.End, quietest);
            moved.CopyTo(values[(range.First + Frames)..]);
        }
        else
        {
            values.Fill(quietest);
            var (from, to) = (Math.Max(0, -Frames), Math.Max(0, Frames));
            moved.AsSpan(from, Math.Max(0, moved.Length - Math.Abs(Frames))).CopyTo(values[Math.Min(to, values.Length)..]);
        }
    }
}
