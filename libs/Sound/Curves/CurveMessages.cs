using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;

namespace Rewas.Sound.Curves;

/// <summary>Curves between memory and the wire (protos/rewas/v1/energy_curve.proto).</summary>
public static class CurveMessages
{
    public static V1.EnergyCurve ToMessage(this EnergyCurve curve) => new()
    {
        Energy = HostTensor.Of(curve.Values.ToArray(), curve.Count).ToMessage("energy"),
    };

    /// <exception cref="InputFault">The curve is absent, not [T] of float32, or outside the scale.</exception>
    public static EnergyCurve ToCurve(this V1.EnergyCurve? message, string field = "curve")
    {
        if (message is null)
            throw InputFault.Invalid(field, "must be given, but is absent");
        return EnergyCurve.Of(message.Energy.ToFloatTensor(field, -1).Floats.Span, field);
    }
}
