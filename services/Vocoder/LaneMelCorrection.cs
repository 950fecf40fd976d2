using System.Numerics;
using System.Runtime.CompilerServices;
using Rewas.Clip;
using Rewas.Networks.Architectures;

namespace Rewas.Vocoder;

/// <summary>
/// Factors that move magnitudes towards a given mel: one round of <see cref="MelInversion"/> for several frames at once. A mel filter
/// covers a few adjacent frequencies, so its sum runs over those only.
/// </summary>
/// <remarks>Holds tables only, so it is thread-safe.</remarks>
sealed class LaneMelCorrection
{
    readonly Filter[] filters;

    /// <param name="sampleRate">Hz.</param>
    /// <param name="frameSamples">N, the frame length of the transform that gives the magnitudes.</param>
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
    /// <param name="mel">Target mel magnitudes, not log, [M].</param>
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

    /// <summary>The non-zero part of a mel filter.</summary>
    /// <param name="FirstBin">First frequency with a weight.</param>
    /// <param name="Weights">From magnitudes to the mel.</param>
    /// <param name="Shares">How much this filter's factor counts at each frequency. The shares of a frequency sum to 1 over all
    /// filters.</param>
    readonly record struct Filter(int FirstBin, float[] Weights, float[] Shares)
    {
        public static Filter Of(float[] weights, float[] totals)
        {
            // A filter that falls between two frequencies has no weights: FindIndex gives -1 twice, and the range is empty.
            var first = Math.Max(0, Array.FindIndex(weights, weight => weight > 0));
            var end = Array.FindLastIndex(weights, weight => weight > 0) + 1;
            var shares = Enumerable.Range(first, end - first).Select(bin => weights[bin] / totals[bin]);
            return new(first, weights[first..end], [.. shares]);
        }
    }
}
