using Rewas.Sound.Levels;

namespace Rewas.Sound;

/// <summary>
/// Band-limited interpolation: a sinc under a Kaiser window (Smith, Digital Audio Resampling). <see cref="Resampler"/> and
/// <see cref="TruePeak"/> weigh samples by it.
/// </summary>
static class KaiserSinc
{
    /// <summary>
    /// Fills in the weights of the samples round a point. The point lies <paramref name="fraction"/> of a sample after the sample at tap
    /// <c>weights.Length / 2 - 1</c>. The weights add up to 1, so that a constant passes unchanged.
    /// </summary>
    /// <param name="weights">An even number of taps.</param>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="cutoff">Part of the Nyquist frequency, above 0 to 1.</param>
    /// <param name="beta">Shape of the window. Larger values give a wider transition and a lower stop band.</param>
    public static void Fill(Span<float> weights, double fraction, double cutoff, double beta)
    {
        var halfTaps = weights.Length / 2;
        var exact = new double[weights.Length];
        for (var tap = 0; tap < exact.Length; tap++)
        {
            var distance = tap - (halfTaps - 1) - fraction;
            exact[tap] = cutoff * Sinc(cutoff * distance) * Window(distance / halfTaps, beta);
        }
        var sum = exact.Sum();
        for (var tap = 0; tap < exact.Length; tap++)
            weights[tap] = (float)(exact[tap] / sum);
    }

    static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    static double Window(double x, double beta) => Math.Abs(x) >= 1 ? 0 : BesselI0(beta * Math.Sqrt(1 - x * x)) / BesselI0(beta);

    /// <summary>Modified Bessel function of the first kind, order 0, by its power series.</summary>
    static double BesselI0(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-12 * sum; k++)
            sum += term *= x * x / (4.0 * k * k);
        return sum;
    }
}
