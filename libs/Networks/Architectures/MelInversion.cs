using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>
/// Finds magnitudes with a given mel. Each frequency starts at the mean of the mel bins that contain it. Rounds of the Richardson-Lucy
/// algorithm (1972, 1974), which keeps all values positive, then move the mel towards its target.
/// </summary>
public sealed class MelInversion
{
    const int Rounds = 3;

    readonly int melBins, spectrumBins;
    readonly float[] toMel, start, back;

    /// <param name="sampleRate">Hz.</param>
    /// <param name="frameSamples">Frame length of the transform that gives the magnitudes.</param>
    /// <param name="melBins">Slaney filters from 0 Hz to half the sample rate.</param>
    public MelInversion(int sampleRate, int frameSamples, int melBins)
    {
        (this.melBins, spectrumBins) = (melBins, frameSamples / 2 + 1);
        var basis = SlaneyMel.Basis(sampleRate, frameSamples, melBins, 0, sampleRate / 2.0);   // [M, N / 2 + 1]
        (toMel, start, back) = (new float[basis.Length], new float[basis.Length], new float[basis.Length]);
        var areas = Enumerable.Range(0, melBins)
            .Select(mel => Enumerable.Range(0, spectrumBins).Sum(bin => basis[mel * spectrumBins + bin]))
            .Select(area => Math.Max(area, FourierRounds.LeastMel)).ToArray();
        for (var bin = 0; bin < spectrumBins; bin++)
        {
            var total = Enumerable.Range(0, melBins).Sum(mel => basis[mel * spectrumBins + bin]);
            for (var mel = 0; mel < melBins; mel++)
            {
                var weight = basis[mel * spectrumBins + bin];
                toMel[bin * melBins + mel] = weight;                         // [N / 2 + 1, M]
                back[mel * spectrumBins + bin] = total > 0 ? weight / total : 0;               // [M, N / 2 + 1]
                start[mel * spectrumBins + bin] = back[mel * spectrumBins + bin] / areas[mel];
            }
        }
    }

    /// <param name="logMel">[B, T, M].</param>
    /// <returns>Magnitudes [B, T, N / 2 + 1].</returns>
    public Tensor Forward(Tensor logMel)
    {
        var mel = logMel.Exp();
        var magnitude = mel.MatMul(mel.Constant(start, melBins, spectrumBins));
        for (var round = 0; round < Rounds; round++)
            magnitude = Nearer(magnitude, mel);
        return magnitude;
    }

    /// <summary>Runs one round: returns magnitudes whose mel is closer to the target.</summary>
    /// <param name="magnitude">Positive, [B, T, N / 2 + 1].</param>
    /// <param name="mel">Target mel magnitudes, not log, [B, T, M].</param>
    /// <param name="relaxation">Exponent of each correction. Above 1, it over-corrects, as successive over-relaxation does.</param>
    public Tensor Nearer(Tensor magnitude, Tensor mel, float relaxation = 1)
    {
        var ratio = mel / (magnitude.MatMul(mel.Constant(toMel, spectrumBins, melBins)) + FourierRounds.LeastMel);
        return magnitude * (relaxation == 1 ? ratio : (ratio.Log() * relaxation).Exp()).MatMul(mel.Constant(back, melBins, spectrumBins));
    }
}
