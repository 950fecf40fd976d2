using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Resamples points at any ascending times to 100 values per second, by linear interpolation.</summary>
sealed class CurveSampling
{
    /// <summary>A point this close to a value's time gives that value exactly.</summary>
    const double SameTime = 1e-6;

    readonly List<float> values = [];
    double lastTime = double.NegativeInfinity;
    float last;

    /// <param name="time">Seconds; must be later than the previous point.</param>
    /// <param name="value">In the curve's unit.</param>
    /// <param name="line">Line number for messages.</param>
    public void Add(double time, float value, int line)
    {
        const string field = "curve";
        if (values.Count == 0 && Math.Abs(time) > SameTime)
            throw InputFault.Invalid(field, FormattableString.Invariant($"line {line}: the first time must be 0, but is {time}"));
        if (time <= lastTime)
            throw InputFault.Invalid(field, FormattableString.Invariant($"line {line}: times must ascend, but {time} follows {lastTime}"));
        if (time >= EnergyCurve.SecondsAt(EnergyCurve.MaximumValues))
            throw InputFault.Exhausted(field, FormattableString.Invariant(
                $"line {line}: at most {EnergyCurve.SecondsAt(EnergyCurve.MaximumValues)} s are accepted, but the time is {time}"));
        while (EnergyCurve.SecondsAt(values.Count) <= time + SameTime)
        {
            var at = EnergyCurve.SecondsAt(values.Count);
            values.Add(time - at < SameTime ? value : Line.At(last, value, (at - lastTime) / (time - lastTime)));
        }
        (lastTime, last) = (time, value);
    }

    public EnergyCurve ToCurve() => EnergyCurve.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));
}
