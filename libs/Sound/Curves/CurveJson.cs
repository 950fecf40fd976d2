using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>A curve as JSON.</summary>
/// <param name="Unit">See <see cref="EnergyScale.Unit"/>.</param>
/// <param name="ValuesPerSecond">Must be 100.</param>
/// <param name="Values">In the unit, from time 0.</param>
/// <param name="Normalised">From 0 (silence) to 1. Read only if there are no values.</param>
public sealed record CurveJson(string Unit, double ValuesPerSecond, IReadOnlyList<float>? Values, IReadOnlyList<double>? Normalised = null)
{
    /// <summary>Times of cuts in the picture, seconds. For information only; they are not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Cuts { get; init; }

    public static CurveJson Of(EnergyCurve curve) => new(EnergyScale.Unit, EnergyCurve.ValuesPerSecond, curve.Values.ToArray());

    public static CurveJson OfNormalised(EnergyCurve curve) =>
        new(EnergyScale.Unit, EnergyCurve.ValuesPerSecond, null, [.. curve.Values.ToArray().Select(EnergyScale.Normalise)]);

    /// <exception cref="InputFault">There are no values, the rate differs, or a value is outside the scale.</exception>
    public EnergyCurve ToCurve()
    {
        if (ValuesPerSecond != EnergyCurve.ValuesPerSecond)
            throw InputFault.Invalid(
                "curve",
                FormattableString.Invariant($"must have {EnergyCurve.ValuesPerSecond} values a second, but has {ValuesPerSecond}"));
        float[] values = Values is not null ? [.. Values] : [.. Normalised?.Select(EnergyScale.OfNormalised) ?? []];
        return EnergyCurve.Of(values);
    }

    /// <exception cref="InputFault">The text is not JSON of this form.</exception>
    public static EnergyCurve Parse(string json)
    {
        try
        {
            var read = JsonSerializer.Deserialize<CurveJson>(json, JsonSerializerOptions.Web);
            return (read ?? throw InputFault.Invalid("curve", "must be a JSON object, but is null")).ToCurve();
        }
        catch (JsonException failure)
        {
            throw InputFault.Invalid("curve", $"cannot be read as JSON: {failure.Message}", failure);
        }
    }
}
