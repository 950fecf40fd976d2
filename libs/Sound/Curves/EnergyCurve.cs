using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// The energy of a sound over time: mean natural-log mel magnitude (see <see cref="EnergyScale"/>), 100 values per second from time 0.
/// Immutable. Every value lies between silence and the loudest.
/// </summary>
public sealed class EnergyCurve : IEquatable<EnergyCurve>
{
    public const int ValuesPerSecond = ClipTiming.SampleRate / ClipTiming.HopSamples;

    /// <summary>Two hours.</summary>
    public const int MaximumValues = 2 * 3600 * ValuesPerSecond;

    /// <summary>Most edits of one curve. Each may take some time on a long curve.</summary>
    public const int MaximumEdits = 100;

    /// <summary>Largest rounding error accepted at the ends of the scale.</summary>
    const float Rounding = 1e-3f;

    readonly float[] values;

    EnergyCurve(float[] values) => this.values = values;

    /// <param name="values">[T], T from 1 to <see cref="MaximumValues"/>.</param>
    /// <param name="field">Named in errors.</param>
    /// <exception cref="InputFault">There are no or too many values, or a value is no number or outside the scale.</exception>
    public static EnergyCurve Of(ReadOnlySpan<float> values, string field = "curve")
    {
        if (values.IsEmpty)
            throw InputFault.Invalid(field, "must have at least 1 value, but has none");
        if (values.Length > MaximumValues)
            throw InputFault.Exhausted(field, $"at most {MaximumValues} values are accepted, but it has {values.Length}");
        var copy = values.ToArray();
        for (var i = 0; i < copy.Length; i++)
        {
            if (!(copy[i] >= EnergyScale.Silence - Rounding && copy[i] <= EnergyScale.Loudest + Rounding))
                throw InputFault.Invalid(field, FormattableString.Invariant(
                    $"must be from {EnergyScale.Silence} (silence) to {EnergyScale.Loudest}, but is {copy[i]} at {SecondsAt(i):0.##} s"));
            copy[i] = Math.Clamp(copy[i], EnergyScale.Silence, EnergyScale.Loudest);
        }
        return new(copy);
    }

    public int Count => values.Length;

    public double DurationSeconds => SecondsAt(Count);

    public ReadOnlySpan<float> Values => values;

    public float this[int index] => values[index];

    /// <summary>Time of a value.</summary>
    public static double SecondsAt(int index) => (double)index / ValuesPerSecond;

    /// <summary>Index of the value nearest to a time.</summary>
    public static int IndexAt(double seconds) => (int)Math.Round(seconds * ValuesPerSecond, MidpointRounding.AwayFromZero);

    /// <summary>Applies edits in order. The length stays the same.</summary>
    /// <exception cref="InputFault">
    /// Exhausted: more than <see cref="MaximumEdits"/>. Invalid: names the edits that do not fit the curve, or the first whose result
    /// leaves the scale.
    /// </exception>
    public EnergyCurve Apply(params IReadOnlyList<CurveEdit> edits) => Apply(edits, CancellationToken.None);

    /// <summary>Applies edits in order, and stops between two of them when cancelled.</summary>
    /// <exception cref="InputFault">As <see cref="Apply(IReadOnlyList{CurveEdit})"/>.</exception>
    public EnergyCurve Apply(IReadOnlyList<CurveEdit> edits, CancellationToken cancellation)
    {
        ThrowIfTooManyEdits(edits.Count);
        InputFault.ThrowIfAny(edits.SelectMany(edit => edit.Faults(Count)));
        var edited = (float[])values.Clone();
        foreach (var edit in edits)
        {
            cancellation.ThrowIfCancellationRequested();
            edit.ApplyTo(edited);
        }
        return new(edited);
    }

    /// <exception cref="InputFault">There are more than <see cref="MaximumEdits"/>.</exception>
    public static void ThrowIfTooManyEdits(int count)
    {
        if (count > MaximumEdits)
            throw InputFault.Exhausted("edits", $"at most {MaximumEdits} are accepted, but there are {count}");
    }

    /// <summary>Truncates the curve, or pads it with silence.</summary>
    public EnergyCurve WithLength(int count)
    {
        var sized = new float[count];
        values.AsSpan(0, Math.Min(count, Count)).CopyTo(sized);
        sized.AsSpan(Math.Min(count, Count)).Fill(EnergyScale.Silence);
        return Of(sized);
    }

    public bool Equals(EnergyCurve? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => Equals(obj as EnergyCurve);

    public override int GetHashCode() => HashCode.Combine(Count, values[0], values[^1]);
}
