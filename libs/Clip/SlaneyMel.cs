namespace Rewas.Clip;

/// <summary>
/// Triangular mel filters on Slaney's scale (Auditory Toolbox, 1998), as in librosa.filters.mel with its defaults: linear below 1000 Hz,
/// logarithmic above. Each filter has area 1 over frequency in Hz.
/// </summary>
public static class SlaneyMel
{
    const double HertzPerMel = 200.0 / 3;                                    // below the break
    const double BreakHertz = 1000;
    const double BreakMel = BreakHertz / HertzPerMel;
    static readonly double LogStep = Math.Log(6.4) / 27;                     // above the break

    /// <summary>Filters over the bins of a magnitude spectrum: [melBins, frameSamples / 2 + 1], row-major.</summary>
    public static float[] Basis(int sampleRate, int frameSamples, int melBins, double lowestHertz, double highestHertz)
    {
        var spectrumBins = frameSamples / 2 + 1;
        var (low, high) = (ToMel(lowestHertz), ToMel(highestHertz));
        var edges = Enumerable.Range(0, melBins + 2).Select(i => ToHertz(low + (high - low) * i / (melBins + 1))).ToArray();
        var basis = new float[melBins * spectrumBins];
        for (var mel = 0; mel < melBins; mel++)
        {
            var (left, peak, right) = (edges[mel], edges[mel + 1], edges[mel + 2]);
            for (var bin = 0; bin < spectrumBins; bin++)
            {
                var hertz = (double)bin * sampleRate / frameSamples;
                var triangle = Math.Min((hertz - left) / (peak - left), (right - hertz) / (right - peak));
                basis[mel * spectrumBins + bin] = (float)(Math.Max(0, triangle) * 2 / (right - left));
            }
        }
        return basis;
    }

    static double ToMel(double hertz) => hertz < BreakHertz ? hertz / HertzPerMel : BreakMel + Math.Log(hertz / BreakHertz) / LogStep;

    static double ToHertz(double mel) => mel < BreakMel ? mel * HertzPerMel : BreakHertz * Math.Exp(LogStep * (mel - BreakMel));
}
