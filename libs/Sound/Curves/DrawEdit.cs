using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>A point of a drawn curve.</summary>
/// <param name="Decibels">Level, -100 (silence) to 17.</param>
public readonly record struct CurvePoint(double Seconds, double Decibels)
{
    /// <summary>Reads "3.1s=-6dB".</summary>
    internal static CurvePoint Parse(string field, string text) => text.Split('=') is [var time, var level]
        ? new(CurveText.ParseSeconds(field, time), CurveText.ParseDecibels(field, level))
        : throw InputFault.Invalid(field, $"must be written TIME=LEVEL, such as 3.1s=-6dB, but is '{text}'");
}

/// <summary>
/// Draws straight lines in decibels through points: <c>draw 1s=-60dB,1.1s=-20dB,2s=-60dB</c>. The curve is unchanged before the first and
/// after the last point.
/// </summary>
/// <param name="Points">2 to 1000, in time order.</param>
public sealed record DrawEdit(IReadOnlyList<CurvePoint> Points) : CurveEdit
{
    const int MaximumPoints = 1000;

    public static EditForm Form { get; } = EditForm.Of(
        "draw",
        "TIME=DB,...",
        "straight lines through points, -100dB is silence: 1s=-60dB,1.1s=-20dB",
        text => new DrawEdit([.. text.Whole.Split(',').Select(point => CurvePoint.Parse(text.Name, point))]));

    public override string Name => Form.Name;

    public override string Argument => string.Join(
        ',', Points.Select(point => $"{CurveText.Seconds(point.Seconds)}={CurveText.Decibels(point.Decibels)}"));

    public override IEnumerable<InputFault> Faults(int count)
    {
        if (Points.Count is < 2 or > MaximumPoints)
            return [InputFault.Invalid(Name, $"must have 2 to {MaximumPoints} points, but has {Points.Count}")];
        return
        [
            .. Points.SelectMany(point => TimeFaults(point.Seconds, count, mayBeEnd: true)),
            .. Points.SelectMany(point => OutOf(-100, Math.Floor(EnergyScale.LoudestDecibels), point.Decibels, " dB")),
            .. OrderFaults(),
        ];
    }

    IEnumerable<InputFault> OrderFaults()
    {
        foreach (var (first, second) in Points.Zip(Points.Skip(1)))
            if (double.IsFinite(first.Seconds) && EnergyCurve.IndexAt(first.Seconds) >= EnergyCurve.IndexAt(second.Seconds))
                yield return InputFault.Invalid(Name, FormattableString.Invariant(
                    $"points must be in order of time, at least 10 ms apart, but {first.Seconds} s comes before {second.Seconds} s"));
    }

    protected override void Change(Span<float> values)
    {
        foreach (var (from, to) in Points.Zip(Points.Skip(1)))
        {
            var (first, last) = (EnergyCurve.IndexAt(from.Seconds), EnergyCurve.IndexAt(to.Seconds));
            for (var i = first; i <= Math.Min(last, values.Length - 1); i++)
                values[i] = Line.At(
                    EnergyScale.OfDecibels(from.Decibels), EnergyScale.OfDecibels(to.Decibels), (double)(i - first) / (last - first));
        }
    }

    public bool Equals(DrawEdit? other) => other is not null && Points.SequenceEqual(other.Points);

    public override int GetHashCode() => Points.Count;
}
