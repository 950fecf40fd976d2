namespace Rewas.Networks.Architectures;

/// <summary>Constants of the rounds that follow the Fourier vocoder's network. The trained graph and the fast form share them.</summary>
public static class FourierRounds
{
    /// <summary>Share of the last round's spectrum that a refinement takes away: a / (1 + a) of the fast Griffin-Lim algorithm, a = 0.99.</summary>
    public const float Momentum = 0.99f / 1.99f;

    /// <summary>Exponent of each correction towards the mel: above 1 it goes beyond what one round asks for.</summary>
    public const float Relaxation = 1.4f;

    /// <summary>Added to a squared magnitude before its root, so that silence has a phase.</summary>
    public const float LeastPower = 1e-12f;

    /// <summary>Added to a mel that others are divided by.</summary>
    public const float LeastMel = 1e-8f;

    /// <summary>Least sum of squared windows that a sample is divided by: at the ends fewer frames overlap.</summary>
    public const float LeastOverlap = 0.1f;
}
