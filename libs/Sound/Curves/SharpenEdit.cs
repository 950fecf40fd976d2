using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Raises contrast: <c>sharpen 1</c>, <c>sharpen 1s..2s=0.5</c>. Adds the difference from the curve softened by 0.2 s.</summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Amount">Factor of the difference, 0 to 4.</param>
public sealed record SharpenEdit(TimeRange? Range, double Amount) : CurveEdit
{
    const double WidthSeconds = 0.2;

    public static EditForm Form { get; } = EditForm.Of("sharpen", "[RANGE=]AMOUNT", "more contrast, 0 to 4", text =>
        new SharpenEdit(text.Range, text.Number));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Number(Amount);

    public override IEnumerable<InputFault> Faults(int count) => [.. RangeFaults(Range, count), .. OutOf(0, 4, Amount, "")];

    protected override void Change(Span<float> values)
    {
        var soft = SoftenEdit.Softened(values, WidthSeconds);
        var (first, end) = (Range?.First ?? 0, Range?.End ?? values.Length);
        for (var i = first; i < end; i++)
            values[i] += (float)(Amount * (values[i] - soft[i]));
    }
}
