using System.Numerics;
using System.Runtime.CompilerServices;
using Rewas.Networks;
using Rewas.Networks.Architectures;

namespace Rewas.Audio;

/// <summary>
/// By what to multiply magnitudes so that their mel comes nearer to a given one: one round of <see cref="MelInversion"/>, for several frames at
/// once. A mel filter covers a few neighbouring frequencies, so the sums go over those alone.
/// </summary>
/// <remarks>Tables only: safe to share between threads.</remarks>
sealed class LaneMelCorrection
{
    readonly Filter[] filters;

    /// <param name="sampleRate">Hertz.</param>
    /// <param name="frameSamples">N, of the transform whose magnitudes they are.</param>
    /// <param name="melBins">M, Slaney filters from 0 Hz to half the sample rate.</param>
    public LaneMelCorrection(int sampleRate, int frameSamples, int melBins)
    {
        var basis = SlaneyMel.Basis(sampleRate, frameSamples, melBins, 0, sampleRate / 2.0);
        var bins = frameSamples / 2 + 1;
        var totals = new float[bins];
        for (var i = 0; i < basis.Length; i++)
            totals[i % bins] += basis[i];
        filters = [.. basis.Chunk(bins).Select(weights => Filter.Of(weights, totals))];
    }

    /// <param name="magnitude">[N/2 + 1].</param>
    /// <param name="mel">The given one, not its logarithm, [M].</param>
    /// <param name="factors">[N/2 + 1], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Factors(ReadOnlySpan<Vector<float>> magnitude, ReadOnlySpan<Vector<float>> mel, Span<Vector<float>> factors)
    {
        factors.Clear();
        var (least, relaxation) = (new Vector<float>(FourierRounds.LeastMel), new Vector<float>(FourierRounds.Relaxation));
        for (var bin = 0; bin < filters.Length; bin++)
        {
            var (first, weights, shares) = filters[bin];
            var sum = Vector<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
                sum += magnitude[first + i] * weights[i];
            var factor = Vector.Exp(Vector.Log(mel[bin] / (sum + least)) * relaxation);
            for (var i = 0; i < shares.Length; i++)
                factors[first + i] += factor * shares[i];
        }
    }

    /// <summary>The part of a mel filter that is not zero.</summary>
    /// <param name="FirstBin">Where it begins.</param>
    /// <param name="Weights">From magnitudes to the mel.</param>
    /// <param name="Shares">Weight of this filter's factor in each frequency's; those of a frequency sum to one over all filters.</param>
    readonly record struct Filter(int FirstBin, float[] Weights, float[] Shares)
    {
        public static Filter Of(float[] weights, float[] totals)
        {
            // A filter between two frequencies has no weight at all: -1 and -1, an empty range.
            var first = Math.Max(0, Array.FindIndex(weights, weight => weight > 0));
            var end = Array.FindLastIndex(weights, weight => weight > 0) + 1;
            var shares = Enumerable.Range(first, end - first).Select(bin => weights[bin] / totals[bin]);
            return new(first, weights[first..end], [.. shares]);
        }
    }
}
