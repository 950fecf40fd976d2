namespace Rewas.Clip.Faults;

/// <summary>Checks numbers that come from outside. NaN is outside every range.</summary>
public static class NumberRange
{
    public static bool Holds(double value, double minimum, double maximum) => value >= minimum && value <= maximum;

    /// <summary>
    /// Returns the fault of a number outside a range, or null. A message puts the field's name before it: "must be from 0 to 1, but is 2".
    /// </summary>
    /// <param name="minimum">Inclusive.</param>
    /// <param name="maximum">Inclusive.</param>
    /// <param name="unit">Starts with a space: " dB".</param>
    public static string? Fault(double value, double minimum, double maximum, string unit = "") =>
        Holds(value, minimum, maximum) ? null : FormattableString.Invariant($"must be from {minimum} to {maximum}{unit}, but is {value}");
}
