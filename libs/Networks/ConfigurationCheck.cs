using System.Runtime.CompilerServices;
using System.Text.Json;
using Rewas.Faults;

namespace Rewas.Networks;

/// <summary>
/// Checks a network's configuration, which comes from a file that anybody may have written, and reports all faults together.
/// Fields are named as the JSON names them.
/// </summary>
sealed class ConfigurationCheck
{
    readonly List<string> faults = [];

    public ConfigurationCheck InRange(double value, double minimum, double maximum, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        if (NumberRange.Fault(value, minimum, maximum) is { } fault)
            faults.Add($"{Name(field)} {fault}");
        return this;
    }

    /// <summary>Some values, each in the range.</summary>
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
        long value, long divisor, [CallerArgumentExpression(nameof(value))] string field = "", [CallerArgumentExpression(nameof(divisor))] string by = "")
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

    /// <exception cref="ArgumentException">Something is at fault; the message has every fault.</exception>
    public void ThrowIfAny()
    {
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults));
    }

    /// <summary>"c.ModelChannels" as JSON has it: "modelChannels". Other expressions stay as they are.</summary>
    static string Name(string expression) => expression.StartsWith("c.", StringComparison.Ordinal)
        ? JsonNamingPolicy.CamelCase.ConvertName(expression[2..])
        : expression;
}
