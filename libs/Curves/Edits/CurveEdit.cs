using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>
/// A change to an energy curve. The curve's length stays. What an edit takes below silence is silence, for there is nothing below; an edit that
/// would lift a value above <see cref="EnergyScale.Loudest"/> is refused.
/// </summary>
public abstract record CurveEdit
{
    /// <summary>As on the command line, without the dashes: "gain".</summary>
    public abstract string Name { get; }

    /// <summary>What follows the name there, so that <see cref="EditText"/> reads the same edit: "1.2s..2s=-12dB".</summary>
    public abstract string Argument { get; }

    public sealed override string ToString() => $"{Name} {Argument}";

    /// <summary>Everything about it that is out of range or does not fit a curve of so many values.</summary>
    public abstract IEnumerable<InputFault> Faults(int count);

    /// <summary>Changes values of the curve in place. Called only where there are no faults.</summary>
    protected abstract void Change(Span<float> values);

    /// <exception cref="InputFault">It does not fit the curve, or its result leaves the scale.</exception>
    public EnergyCurve Apply(EnergyCurve curve)
    {
        InputFault.ThrowIfAny([.. Faults(curve.Count)]);
        var values = curve.Values.ToArray();
        Change(values);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > EnergyScale.Loudest)
                throw InputFault.Invalid(Name, FormattableString.Invariant(
                    $"'{Argument}' would lift the curve to {EnergyScale.ToDecibels(values[i]):0.#} dB at {EnergyCurve.SecondsAt(i):0.##} s, but at most {EnergyScale.LoudestDecibels:0.#} dB are possible"));
            values[i] = Math.Max(values[i], EnergyScale.Silence);
        }
        return EnergyCurve.Of(values);
    }

    /// <summary>The values of a range, or all of them.</summary>
    private protected static Span<float> Part(Span<float> values, TimeRange? range) => range is { } part ? values[part.First..part.End] : values;

    /// <summary>"1.2s..2s=" or nothing.</summary>
    private protected static string Prefix(TimeRange? range) => range is { } part ? $"{part}=" : "";

    private protected IEnumerable<InputFault> RangeFaults(TimeRange? range, int count) => range?.Faults(Name, count) ?? [];

    private protected IEnumerable<InputFault> OutOf(double minimum, double maximum, double value, string unit) =>
        InputFault.OutOfRange(Name, value, minimum, maximum, unit);

    private protected IEnumerable<InputFault> TimeFaults(double seconds, int count)
    {
        if (!(seconds >= 0 && EnergyCurve.IndexAt(Math.Min(seconds, int.MaxValue / EnergyCurve.ValuesPerSecond)) < count))
            yield return InputFault.Invalid(Name, FormattableString.Invariant($"must lie inside the curve, 0 to {EnergyCurve.SecondsAt(count):0.##} s, but {seconds} s does not"));
    }
}
