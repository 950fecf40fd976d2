using Rewas.Sound.Curves;

namespace Rewas.Sound.Placement;

/// <summary>The moments at which an energy curve rises steeply, as placement finds them.</summary>
public static class CurveAttacks
{
    /// <summary>Seconds from the start, in order.</summary>
    /// <param name="energy">[T], 100 values per second, natural-log mel.</param>
    public static IReadOnlyList<double> Find(ReadOnlySpan<float> energy) =>
        [.. CurveRise.Find(energy).Select(rise => rise.Frame / EnergyCurve.ValuesPerSecond)];
}
