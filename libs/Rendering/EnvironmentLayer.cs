using Rewas.Sound.Curves;

namespace Rewas.Rendering;

/// <summary>
/// A second sound behind the first, with its own prompt and seed. It follows the same energy, smoothed to a slow envelope.
/// </summary>
public static class EnvironmentLayer
{
    /// <summary>The edits that turn the energy of the primary sound into the envelope.</summary>
    public static IReadOnlyList<CurveEdit> Envelope { get; } = [new SoftenEdit(null, 4), new StrengthEdit(null, 0.5)];
}
