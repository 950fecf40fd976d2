using Rewas.Curves.Edits;

namespace Rewas.Studio;

/// <summary>A second sound behind the first: its own text and seed, and the same energy, blurred to a slow envelope.</summary>
/// <param name="Prompt">What to hear.</param>
/// <param name="Seed">Of its noise.</param>
/// <param name="Decibels">Gain in the mix, -60 to 12.</param>
public sealed record EnvironmentLayer(string Prompt, long Seed, double Decibels)
{
    public const double UsualDecibels = -12;

    /// <summary>From the energy of the primary source to that of its surroundings.</summary>
    public static IReadOnlyList<CurveEdit> Envelope { get; } = [new SoftenEdit(null, 4), new StrengthEdit(null, 0.5)];
}
