using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Copies another curve's values at the same times: <c>replace 1s..2s=other.csv</c>.</summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="With">The other curve. It must reach the end of the range.</param>
/// <param name="Source">File name of the other curve, as in the text form.</param>
public sealed record ReplaceEdit(TimeRange? Range, EnergyCurve With, string Source) : CurveEdit
{
    public static EditForm Form { get; } = new(
        "replace", "[RANGE=]FILE", "the values of another curve: 1s..2s=other.csv", async text =>
            new ReplaceEdit(text.Range, await text.Open(text.Rest), text.Rest));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + Source;

    public override IEnumerable<InputFault> Faults(int count) =>
        [.. RangeFaults(Range, count), .. CoverFaults(Name, Range, With, Source, count)];

    protected override void Change(Span<float> values)
    {
        var first = Range?.First ?? 0;
        With.Values[first..(Range?.End ?? values.Length)].CopyTo(values[first..]);
    }

    internal static IEnumerable<InputFault> CoverFaults(string field, TimeRange? range, EnergyCurve other, string source, int count)
    {
        var end = range?.End ?? count;
        if (end > other.Count)
            yield return InputFault.Invalid(field, FormattableString.Invariant(
                $"'{source}' must reach to {EnergyCurve.SecondsAt(end):0.##} s, but ends at {other.DurationSeconds:0.##} s"));
    }
}
