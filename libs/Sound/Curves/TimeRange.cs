using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>A part of a curve, rounded to 10 ms.</summary>
/// <param name="ToSeconds">Exclusive.</param>
public readonly record struct TimeRange(double FromSeconds, double ToSeconds)
{
    /// <summary>Index of the first value.</summary>
    public int First => EnergyCurve.IndexAt(FromSeconds);

    /// <summary>Index after the last value.</summary>
    public int End => EnergyCurve.IndexAt(ToSeconds);

    public override string ToString() => $"{CurveText.Seconds(FromSeconds)}..{CurveText.Seconds(ToSeconds)}";

    /// <summary>Reports a range that does not lie inside a curve of this length or holds no value.</summary>
    internal IEnumerable<InputFault> Faults(string field, int count)
    {
        if (!(FromSeconds >= 0 && ToSeconds <= EnergyCurve.SecondsAt(count) + 0.5 / EnergyCurve.ValuesPerSecond && End <= count))
            yield return InputFault.Invalid(field, FormattableString.Invariant(
                $"must lie inside the curve, 0 to {EnergyCurve.SecondsAt(count):0.##} s, but {this} does not"));
        else if (First >= End)
            yield return InputFault.Invalid(field, $"must last at least 10 ms, but {this} does not");
    }
}
