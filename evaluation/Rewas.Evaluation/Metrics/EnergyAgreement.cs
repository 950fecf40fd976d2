using Rewas.Clip;
using Rewas.Sound;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;

namespace Rewas.Evaluation.Metrics;

/// <summary>How well the energy of a generated sound follows that of the true one (ReWaS, arXiv 2407.05551, section 4).</summary>
/// <param name="MeanAbsoluteError">Of the energy curves, natural-log mel.</param>
/// <param name="Correlation">Pearson's, from -1 to 1; 0 if a curve is constant.</param>
public readonly record struct EnergyAgreement(double MeanAbsoluteError, double Correlation)
{
    /// <summary>
    /// Scales both sounds to peak 0.5, cuts them to the shorter one, and compares their control energies with the published smoothing.
    /// </summary>
    /// <param name="real">True sound, 16 kHz.</param>
    /// <param name="generated">Generated sound, 16 kHz.</param>
    public static EnergyAgreement Between(ReadOnlySpan<float> real, ReadOnlySpan<float> generated)
    {
        var length = Math.Min(real.Length, generated.Length);
        var (first, second) = (EnergyOf(real[..length]), EnergyOf(generated[..length]));
        return new(Rewas.Sound.Correlation.MeanAbsoluteError(first, second), Rewas.Sound.Correlation.Pearson(first, second));
    }

    /// <summary>Energy of whole windows, [windows * 512], without the silence after the end.</summary>
    static float[] EnergyOf(ReadOnlySpan<float> samples)
    {
        var windows = ClipTiming.WindowsFor(samples.Length);
        var padded = new float[windows * ClipTiming.SamplesPerWindow];
        samples.CopyTo(padded);
        Loudness.NormaliseForTraining(padded.AsSpan(0, samples.Length));
        var energy = Energy.OfLogMel(MelSpectrogram.LogMel(padded));
        return [.. Enumerable.Range(0, windows)
            .SelectMany(window => Energy.Control(
                energy.AsSpan(window * ClipTiming.MelFramesPerWindow, ClipTiming.MelFramesPerWindow), new ClipTiming()))
            .Take(Math.Max(1, samples.Length / ClipTiming.HopSamples))];
    }
}
