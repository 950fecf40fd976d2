using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// A change to an energy curve that keeps its length. Values below silence become silence. An edit that would lift a value above
/// <see cref="EnergyScale.Loudest"/> is refused.
/// </summary>
public abstract record CurveEdit
{
    /// <summary>Name as on the command line, without dashes: "gain".</summary>
    public abstract string Name { get; }

    /// <summary>Argument as on the command line: "1.2s..2s=-12dB". <see cref="EditText"/> reads the same edit from it.</summary>
    public abstract string Argument { get; }

    public sealed override string ToString() => $"{Name} {Argument}";

    /// <summary>Lists everything that is out of range or does not fit a curve of this length.</summary>
    public abstract IEnumerable<InputFault> Faults(int count);

    /// <summary>Changes values in place. Called only if there are no faults.</summary>
    protected abstract void Change(Span<float> values);

    /// <summary>Changes the values of a curve that the edit fits, and keeps them inside the scale.</summary>
    /// <exception cref="InputFault">The result leaves the scale.</exception>
    internal void ApplyTo(Span<float> values)
    {
        Change(values);
        for (var i = 0; i < values.Length; i++)
        {
            // A value that is not a number is refused too.
            if (!(values[i] <= EnergyScale.Loudest))
            {
                var (level, most, at) = (EnergyScale.ToDecibels(values[i]), EnergyScale.LoudestDecibels, EnergyCurve.SecondsAt(i));
                throw InputFault.Invalid(Name, FormattableString.Invariant(
                    $"'{Argument}' would lift the curve to {level:0.#} dB at {at:0.##} s, but at most {most:0.#} dB are possible"));
            }
            values[i] = Math.Max(values[i], EnergyScale.Silence);
        }
    }

    /// <summary>The values of a range; all values without a range.</summary>
    private protected static Span<float> Part(Span<float> values, TimeRange? range) =>
        range is { } part ? values[part.First..part.End] : values;

    /// <summary>"1.2s..2s=", or "" without a range.</summary>
    private protected static string Prefix(TimeRange? range) => range is { } part ? $"{part}=" : "";

    private protected IEnumerable<InputFault> RangeFaults(TimeRange? range, int count) => range?.Faults(Name, count) ?? [];

    private protected IEnumerable<InputFault> OutOf(double minimum, double maximum, double value, string unit) =>
        InputFault.OutOfRange(Name, value, minimum, maximum, unit);

    /// <param name="mayBeEnd">Whether the end itself, where no value is any more, is inside too.</param>
    private protected IEnumerable<InputFault> TimeFaults(double seconds, int count, bool mayBeEnd = false)
    {
        var index = EnergyCurve.IndexAt(Math.Min(seconds, int.MaxValue / EnergyCurve.ValuesPerSecond));
        if (!(seconds >= 0 && (index < count || (mayBeEnd && index == count))))
            yield return InputFault.Invalid(Name, FormattableString.Invariant(
                $"must lie inside the curve, 0 to {EnergyCurve.SecondsAt(count):0.##} s, but {seconds} s does not"));
    }
}
