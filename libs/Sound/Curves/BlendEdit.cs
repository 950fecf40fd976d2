using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

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
    public static EditForm Form { get; } = new("blend", "[RANGE=]PART,FILE", "mixes with another curve or recording: 0.5,reference.wav",
        ReadAsync);

    public override string Name => Form.Name;

    public override string Argument => $"{Prefix(Range)}{CurveText.Number(Weight)},{Source}";

    public override IEnumerable<InputFault> Faults(int count) =>
        [.. RangeFaults(Range, count), .. OutOf(0, 1, Weight, ""), .. ReplaceEdit.CoverFaults(Name, Range, With, Source, count)];

    protected override void Change(Span<float> values)
    {
        for (var i = Range?.First ?? 0; i < (Range?.End ?? values.Length); i++)
            values[i] = Line.At(values[i], With[i], Weight);
    }

    static async ValueTask<CurveEdit> ReadAsync(EditArgument text)
    {
        var comma = text.Rest.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw InputFault.Invalid(text.Name, $"must be written PART,FILE, such as 0.5,reference.wav, but is '{text.Rest}'");
        var source = text.Rest[(comma + 1)..];
        return new BlendEdit(text.Range, CurveText.ParseNumber(text.Name, text.Rest[..comma]), await text.Open(source), source);
    }
}
