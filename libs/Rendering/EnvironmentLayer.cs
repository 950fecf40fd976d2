using Rewas.Sound.Curves;

namespace Rewas.Rendering;

/// <summary>A second sound behind the first: its own text and seed, and the same energy, blurred to a slow envelope.</summary>
public static class EnvironmentLayer
{
    /// <summary>From the energy of the primary source to that of its surroundings.</summary>
    public static IReadOnlyList<CurveEdit> Envelope { get; } = [new SoftenEdit(null, 4), new StrengthEdit(null, 0.5)];
}
