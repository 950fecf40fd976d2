namespace Rewas.Faults;

/// <summary>Checks numbers that come from outside. NaN lies in no range.</summary>
public static class NumberRange
{
    public static bool Holds(double value, double minimum, double maximum) => value >= minimum && value <= maximum;

    /// <summary>What is wrong with a number, to follow the name of its field: "must be from 0 to 1, but is 2".</summary>
    /// <param name="value">The number.</param>
    /// <param name="minimum">Belongs to the range.</param>
    /// <param name="maximum">Belongs to the range.</param>
    /// <param name="unit">With the space before it: " dB".</param>
    /// <returns>Null where nothing is wrong.</returns>
    public static string? Fault(double value, double minimum, double maximum, string unit = "") =>
        Holds(value, minimum, maximum) ? null : FormattableString.Invariant($"must be from {minimum} to {maximum}{unit}, but is {value}");
}
