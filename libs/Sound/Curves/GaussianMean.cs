using System.Buffers;

namespace Rewas.Sound.Curves;

/// <summary>
/// A Gaussian mean of each value's neighbours, in time that does not depend on the width. The Gaussian is written as a sum of decaying
/// oscillations (Deriche, "Recursively implementing the Gaussian and its derivatives", INRIA report 1893). The sum over all neighbours on
/// one side is then a running sum for each of them.
/// </summary>
static class GaussianMean
{
    /// <summary>
    /// exp(-x²/2) for x of at least 0 is the sum of (Cosine cos(Frequency x) + Sine sin(Frequency x)) exp(-Decay x). The numbers are a
    /// least-squares fit. No value is off by more than 7e-6.
    /// </summary>
    static readonly Oscillation[] Gaussian =
    [
        new(3.14900509, 7.27443969, 2.18063072, 0.52652424),
        new(-2.30667901, -0.90690021, 2.14950675, 1.61587911),
        new(0.15766702, -0.04489233, 2.07706538, 2.85627976),
    ];

    /// <summary>At the ends, the mean of the values inside the curve.</summary>
    /// <param name="values">[T].</param>
    /// <param name="deviation">Standard deviation, in values.</param>
    public static float[] Of(ReadOnlySpan<float> values, double deviation)
    {
        var pool = ArrayPool<double>.Shared;
        var (rentedSums, rentedWeights) = (pool.Rent(values.Length), pool.Rent(values.Length));
        var sums = rentedSums.AsSpan(0, values.Length);
        var weights = rentedWeights.AsSpan(0, values.Length);
        sums.Clear();
        weights.Clear();
        foreach (var oscillation in Gaussian)
        {
            AddFrom(values, weights, sums, oscillation, deviation, step: 1);
            AddFrom(values, weights, sums, oscillation, deviation, step: -1);
        }
        var means = new float[values.Length];
        for (var i = 0; i < means.Length; i++)
            means[i] = (float)(sums[i] / weights[i]);
        pool.Return(rentedSums);
        pool.Return(rentedWeights);
        return means;
    }

    /// <summary>Adds what one oscillation contributes from the values before each one (step 1) or after it (step -1).</summary>
    static void AddFrom(
        ReadOnlySpan<float> values, Span<double> weights, Span<double> sums, Oscillation oscillation, double deviation, int step)
    {
        var (cosine, sine, decay, frequency) = oscillation;
        // The factor from one value to the next, exp((-Decay + i Frequency) / deviation), as real and imaginary part.
        var length = Math.Exp(-decay / deviation);
        var (real, imaginary) = (length * Math.Cos(frequency / deviation), length * Math.Sin(frequency / deviation));
        // Running sums of the values, and of ones for the weights.
        double valueReal = 0, valueImaginary = 0, oneReal = 0, oneImaginary = 0;
        for (var i = step > 0 ? 0 : values.Length - 1; i >= 0 && i < values.Length; i += step)
        {
            (valueReal, valueImaginary) = Decayed(valueReal, valueImaginary, real, imaginary);
            (oneReal, oneImaginary) = (oneReal * real - oneImaginary * imaginary, oneReal * imaginary + oneImaginary * real);
            // The value itself has half its weight in each direction.
            sums[i] += cosine * (valueReal + values[i] / 2.0) + sine * valueImaginary;
            weights[i] += cosine * (oneReal + 0.5) + sine * oneImaginary;
            valueReal += values[i];
            oneReal++;
        }
    }

    /// <summary>A running sum times the factor from one value to the next. It ends at 0 if only zeros follow.</summary>
    internal static (double Real, double Imaginary) Decayed(double sumReal, double sumImaginary, double real, double imaginary) =>
        Decay.Settled(sumReal * real - sumImaginary * imaginary, sumReal * imaginary + sumImaginary * real);

    readonly record struct Oscillation(double Cosine, double Sine, double Decay, double Frequency);
}
