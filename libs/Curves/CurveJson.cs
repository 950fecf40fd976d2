using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Faults;

namespace Rewas.Curves;

/// <summary>A curve as JSON: its unit, how many values a second, and the values in the unit or, as <c>normalised</c>, from 0 (silence) to 1.</summary>
/// <param name="Unit">See <see cref="EnergyScale.Unit"/>.</param>
/// <param name="ValuesPerSecond">100.</param>
/// <param name="Values">From time 0 on.</param>
/// <param name="Normalised">The same, 0 to 1; read only where there are no values.</param>
public sealed record CurveJson(string Unit, double ValuesPerSecond, IReadOnlyList<float>? Values, IReadOnlyList<double>? Normalised = null)
{
    /// <summary>Seconds at which another scene of the picture begins, to be told; they are not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Cuts { get; init; }

    public static CurveJson Of(EnergyCurve curve) => new(EnergyScale.Unit, EnergyCurve.ValuesPerSecond, curve.Values.ToArray());

    public static CurveJson OfNormalised(EnergyCurve curve) =>
        new(EnergyScale.Unit, EnergyCurve.ValuesPerSecond, null, [.. curve.Values.ToArray().Select(EnergyScale.Normalise)]);

    /// <exception cref="InputFault">No values, another rate, or a value outside the scale.</exception>
    public EnergyCurve ToCurve()
    {
        if (ValuesPerSecond != EnergyCurve.ValuesPerSecond)
            throw InputFault.Invalid("curve", FormattableString.Invariant($"must have {EnergyCurve.ValuesPerSecond} values a second, but has {ValuesPerSecond}"));
        float[] values = Values is not null ? [.. Values] : [.. Normalised?.Select(EnergyScale.OfNormalised) ?? []];
        return EnergyCurve.Of(values);
    }

    /// <exception cref="InputFault">No JSON of this form.</exception>
    public static EnergyCurve Parse(string json)
    {
        try
        {
            return (JsonSerializer.Deserialize<CurveJson>(json, JsonSerializerOptions.Web) ?? throw InputFault.Invalid("curve", "must be a JSON object, but is null")).ToCurve();
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("curve", $"cannot be read as JSON: {failure.Message}", failure);
        }
    }
}
