using System.Numerics.Tensors;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Scales the curve's deviations from its mean, and so its effect. At <c>strength 0</c> the text alone decides when; <c>strength 1.5</c>
/// exaggerates the picture.
/// </summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Factor">0 to 4.</param>
public sealed record StrengthEdit(TimeRange? Range, double Factor) : CurveEdit
{
    public static EditForm Form { get; } = EditForm.Of("strength", "[RANGE=]FACTOR", "how strongly the curve steers, 0 (not at all) to 4",
        text => new StrengthEdit(text.Range, text.Number));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Number(Factor);

    public override IEnumerable<InputFault> Faults(int count) => [.. RangeFaults(Range, count), .. OutOf(0, 4, Factor, "")];

    protected override void Change(Span<float> values)
    {
        var part = Part(values, Range);
        var mean = TensorPrimitives.Average<float>(part);
        foreach (ref var value in part)
            value = (float)(mean + Factor * (value - (double)mean));
    }
}
