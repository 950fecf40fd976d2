using Rewas.Sound.Curves;

namespace Rewas.Sound.Placement;

/// <summary>The attacks of an energy curve: where separate sounds of a placement begin.</summary>
public static class CurveAttacks
{
    /// <returns>Times in seconds, in order.</returns>
    public static IReadOnlyList<double> In(EnergyCurve curve) =>
        [.. CurveRise.Find(curve.Values).Select(rise => Math.Max(0, rise.Frame) / EnergyCurve.ValuesPerSecond)];
}
