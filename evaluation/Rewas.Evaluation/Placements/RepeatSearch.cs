using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Rewas.Evaluation.Placements;

/// <summary>Finds repeats in a long sound by autocorrelation of its samples.</summary>
public static class RepeatSearch
{
    /// <summary>
    /// The largest normalised autocorrelation: 1 for an exact repeat at any gain, near 0 for unrelated noise. Only lags are tried at which
    /// enough of the sound overlaps with itself.
    /// </summary>
    /// <param name="wave">Samples, mean near 0.</param>
    /// <param name="leastLag">Samples. Shorter lags find the pitch of a sound, not its repeats.</param>
    /// <param name="leastOverlap">Samples that are compared at least.</param>
    public static double Largest(ReadOnlySpan<float> wave, int leastLag, int leastOverlap)
    {
        var spectrum = Spectrum(wave, wave.Length * 2);
        for (var i = 0; i < spectrum.Length; i++)
            spectrum[i] *= Complex.Conjugate(spectrum[i]);
        Fourier.Inverse(spectrum, FourierOptions.AsymmetricScaling);
        var powers = Powers(wave);
        var largest = 0.0;
        for (var lag = leastLag; wave.Length - lag >= leastOverlap; lag++)
            largest = Math.Max(largest, Share(spectrum[lag].Real, powers[wave.Length - lag], powers[^1] - powers[lag]));
        return largest;
    }

    /// <summary>
    /// The same for a stretch of the sound against all later places: a repeat of this stretch alone is found, which the whole sound's
    /// autocorrelation averages away.
    /// </summary>
    /// <param name="stretch">Samples of a stretch. Stretches start at every half of it.</param>
    public static double LargestOfStretches(ReadOnlySpan<float> wave, int leastLag, int stretch)
    {
        if (wave.Length < stretch + leastLag)
            return 0;
        var whole = Spectrum(wave, wave.Length + stretch);
        var powers = Powers(wave);
        var largest = 0.0;
        for (var first = 0; first + stretch + leastLag <= wave.Length; first += stretch / 2)
        {
            var part = Spectrum(wave.Slice(first, stretch), wave.Length + stretch);
            for (var i = 0; i < part.Length; i++)
                part[i] = whole[i] * Complex.Conjugate(part[i]);
            Fourier.Inverse(part, FourierOptions.AsymmetricScaling);
            var power = powers[first + stretch] - powers[first];
            for (var at = first + leastLag; at + stretch <= wave.Length; at++)
                largest = Math.Max(largest, Share(part[at].Real, power, powers[at + stretch] - powers[at]));
        }
        return largest;
    }

    static double Share(double product, double first, double second) =>
        first > 0 && second > 0 ? product / Math.Sqrt(first * second) : 0;

    /// <summary>Transform of the samples, padded to the next power of two.</summary>
    static Complex[] Spectrum(ReadOnlySpan<float> wave, int least)
    {
        var spectrum = new Complex[(int)BitOperations.RoundUpToPowerOf2((uint)least)];
        for (var i = 0; i < wave.Length; i++)
            spectrum[i] = wave[i];
        Fourier.Forward(spectrum, FourierOptions.AsymmetricScaling);
        return spectrum;
    }

    /// <summary>Running sum of the squares, [samples + 1].</summary>
    static double[] Powers(ReadOnlySpan<float> wave)
    {
        var powers = new double[wave.Length + 1];
        for (var i = 0; i < wave.Length; i++)
            powers[i + 1] = powers[i] + (double)wave[i] * wave[i];
        return powers;
    }
}
