using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>Another curve's values at the same times: <c>replace 1s..2s=other.csv</c>.</summary>
/// <param name="Range">Where; the whole curve if null.</param>
/// <param name="With">The other curve; it must reach to the end of the range.</param>
/// <param name="Source">What the other curve is called in text: its file.</param>
public sealed record ReplaceEdit(TimeRange? Range, EnergyCurve With, string Source) : CurveEdit
{
    public override string Name => "replace";

    public override string Argument => Prefix(Range) + Source;

    public override IEnumerable<InputFault> Faults(int count) => [.. RangeFaults(Range, count), .. CoverFaults(Name, Range, With, Source, count)];

    protected override void Change(Span<float> values)
    {
        var first = Range?.First ?? 0;
        With.Values[first..(Range?.End ?? values.Length)].CopyTo(values[first..]);
    }

    internal static IEnumerable<InputFault> CoverFaults(string field, TimeRange? range, EnergyCurve other, string source, int count)
    {
        if ((range?.End ?? count) > other.Count)
            yield return InputFault.Invalid(field, FormattableString.Invariant(
                $"'{source}' must reach to {EnergyCurve.SecondsAt(range?.End ?? count):0.##} s, but ends at {other.DurationSeconds:0.##} s"));
    }
}
