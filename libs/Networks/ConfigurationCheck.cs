using System.Runtime.CompilerServices;
using System.Text.Json;
using Rewas.Clip.Faults;

namespace Rewas.Networks;

/// <summary>
/// Checks a network's configuration and reports all errors together. Configurations come from untrusted files. Fields are named as in the
/// JSON.
/// </summary>
sealed class ConfigurationCheck
{
    readonly List<string> faults = [];

    public ConfigurationCheck InRange(
        double value, double minimum, double maximum, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        if (NumberRange.Fault(value, minimum, maximum) is { } fault)
            faults.Add($"{Name(field)} {fault}");
        return this;
    }

    /// <summary>Requires at least some values, each in the range.</summary>
    public ConfigurationCheck EachInRange(
        int[] values, int minimum, int maximum, int atLeast = 1, [CallerArgumentExpression(nameof(values))] string field = "")
    {
        if (values.Length < atLeast || values.Length > 16)
            faults.Add($"{Name(field)} must have {atLeast} to 16 values, but has {values.Length}");
        if (values.Any(v => v < minimum || v > maximum))
            faults.Add($"each of {Name(field)} must be from {minimum} to {maximum}, but they are {string.Join(", ", values)}");
        return this;
    }

    public ConfigurationCheck Multiple(
        long value, long divisor, [CallerArgumentExpression(nameof(value))] string field = "",
        [CallerArgumentExpression(nameof(divisor))] string by = "")
    {
        if (divisor > 0 && value % divisor != 0)
            faults.Add($"{Name(field)} must be a multiple of {Name(by)} ({divisor}), but is {value}");
        return this;
    }

    public ConfigurationCheck That(bool holds, string otherwise)
    {
        if (!holds)
            faults.Add(otherwise);
        return this;
    }

    /// <exception cref="ArgumentException">There are errors; the message holds all of them.</exception>
    public void ThrowIfAny()
    {
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults));
    }

    /// <summary>Turns "c.ModelChannels" into the JSON name "modelChannels". Other expressions stay unchanged.</summary>
    static string Name(string expression) => expression.StartsWith("c.", StringComparison.Ordinal)
        ? JsonNamingPolicy.CamelCase.ConvertName(expression[2..])
        : expression;
}
