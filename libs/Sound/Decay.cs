namespace Rewas.Sound;

/// <summary>
/// Ends the decay of a number that each step multiplies by less than 1. Without it the number becomes subnormal and stays that, and a
/// processor computes with subnormal numbers many times more slowly.
/// </summary>
static class Decay
{
    /// <summary>Smaller than every float32 and its square.</summary>
    const double Nothing = 1e-200;

    public static double Settled(double value) => Math.Abs(value) < Nothing ? 0 : value;

    /// <summary>Two numbers that decay together end together, because a filter that loses one of them swings again.</summary>
    public static (double One, double Other) Settled(double one, double other) =>
        Math.Abs(one) + Math.Abs(other) < Nothing ? (0, 0) : (one, other);
}
