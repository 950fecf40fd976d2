namespace Rewas.Networks.Architectures;

/// <summary>Constants of the rounds after the Fourier vocoder's network, shared by the trained graph and the fast form.</summary>
public static class FourierRounds
{
    /// <summary>
    /// Share of the previous round's spectrum that a refinement subtracts: a / (1 + a) of the fast Griffin-Lim algorithm, a = 0.99.
    /// </summary>
    public const float Momentum = 0.99f / 1.99f;

    /// <summary>Exponent of each correction towards the mel. Above 1, it corrects more than one round requires.</summary>
    public const float Relaxation = 1.4f;

    /// <summary>Added to a squared magnitude before its root, so that silence has a phase.</summary>
    public const float LeastPower = 1e-12f;

    /// <summary>Added to a mel that is a divisor.</summary>
    public const float LeastMel = 1e-8f;

    /// <summary>Lower bound of the sum of squared windows, which is a divisor. Fewer frames overlap at the ends.</summary>
    public const float LeastOverlap = 0.1f;
}
