using System.Numerics.Tensors;

namespace Rewas.Sound.Placement;

/// <summary>How much of a curve is explained by its attacks.</summary>
static class AttackCover
{
    const float LoudRange = 2;                                               // nepers below the loudest frame
    const int After = 25;                                                    // frames in which a separate sound is loud
    const int Before = 4, BeforeInTokens = 12;                               // frames by which a measured or smoothed rise is early

    /// <summary>Share of the loud frames of a curve that are near an attack, 0 to 1.</summary>
    /// <param name="tokens">The curve's tokens; null if it has none.</param>
    public static double Share(ReadOnlySpan<float> curve, List<CurveRise> attacks, TokenCurve? tokens)
    {
        var least = TensorPrimitives.Max(curve) - LoudRange;
        var before = tokens is null ? Before : BeforeInTokens;
        var near = new bool[curve.Length];
        foreach (var attack in attacks)
            near.AsSpan(Math.Max(0, (int)attack.Frame - before)..Math.Min(curve.Length, (int)attack.Frame + After)).Fill(true);
        var (loud, covered) = (0, 0);
        for (var frame = 0; frame < curve.Length; frame++)
        {
            if (curve[frame] < least)
                continue;
            loud++;
            covered += near[frame] ? 1 : 0;
        }
        return (double)covered / loud;
    }
}
