using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Changes the level: <c>gain 1.2s..2s=-12dB</c>.</summary>
/// <param name="Range">Null: the whole curve.</param>
/// <param name="Decibels">-100 to 100.</param>
public sealed record GainEdit(TimeRange? Range, double Decibels) : CurveEdit
{
    public const double LargestDecibels = 100;

    public static EditForm Form { get; } = EditForm.Of("gain", "[RANGE=]DB", "louder or quieter: 1.2s..2s=-12dB", text =>
        new GainEdit(text.Range, text.Decibels));

    public override string Name => Form.Name;

    public override string Argument => Prefix(Range) + CurveText.Decibels(Decibels);

    public override IEnumerable<InputFault> Faults(int count) =>
        [.. RangeFaults(Range, count), .. OutOf(-LargestDecibels, LargestDecibels, Decibels, " dB")];

    protected override void Change(Span<float> values)
    {
        foreach (ref var value in Part(values, Range))
            value += EnergyScale.OfDecibels(Decibels);
    }
}
