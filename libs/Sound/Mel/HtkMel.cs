namespace Rewas.Sound.Mel;

/// <summary>Triangular mel filters of height 1 on the scale of HTK, 2595 log10(1 + f / 700), as in torchaudio with its defaults.</summary>
static class HtkMel
{
    /// <summary>Filters over the bins of a spectrum: [MelBins, FrameSamples / 2 + 1], row-major.</summary>
    public static float[] Basis(MelSettings settings)
    {
        var spectrumBins = settings.FrameSamples / 2 + 1;
        var (low, high) = (ToMel(settings.LowestHertz), ToMel(settings.HighestHertz));
        var edges = Enumerable.Range(0, settings.MelBins + 2)
            .Select(i => ToHertz(low + (high - low) * i / (settings.MelBins + 1))).ToArray();
        var basis = new float[settings.MelBins * spectrumBins];
        for (var mel = 0; mel < settings.MelBins; mel++)
            for (var bin = 0; bin < spectrumBins; bin++)
            {
                var hertz = (double)bin * settings.SampleRate / settings.FrameSamples;
                var (rising, falling) = (
                    (hertz - edges[mel]) / (edges[mel + 1] - edges[mel]), (edges[mel + 2] - hertz) / (edges[mel + 2] - edges[mel + 1]));
                basis[mel * spectrumBins + bin] = (float)Math.Max(0, Math.Min(rising, falling));
            }
        return basis;
    }

    static double ToMel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
