using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Blurs the curve: <c>soften 0.2s</c>, <c>soften 1s..2s=100ms</c>. Each value becomes a Gaussian mean of its neighbours.
/// </summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Seconds">Width (two standard deviations), 10 ms to 10 s.</param>
public sealed record SoftenEdit(TimeRange? Range, double Seconds) : CurveEdit
{
    public static EditForm Form { get; } = EditForm.Of("soften", "[RANGE=]TIME", "blurs over a width: 0.2s", text =>
        new SoftenEdit(text.Range, text.Seconds));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Seconds(Seconds);

    public override IEnumerable<InputFault> Faults(int count) => [.. RangeFaults(Range, count), .. OutOf(0.01, 10, Seconds, " s")];

    protected override void Change(Span<float> values)
    {
        var soft = Softened(values, Seconds);
        Part(soft, Range).CopyTo(Part(values, Range));
    }

    /// <summary>Each value becomes a Gaussian mean of its neighbours.</summary>
    /// <param name="widthSeconds">Two standard deviations.</param>
    internal static float[] Softened(ReadOnlySpan<float> values, double widthSeconds) =>
        GaussianMean.Of(values, widthSeconds * EnergyCurve.ValuesPerSecond / 2);
}
