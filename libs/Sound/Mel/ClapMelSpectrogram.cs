namespace Rewas.Sound.Mel;

/// <summary>
/// CLAP's input: a log mel spectrogram in decibels, 10 log10(max(x, 1e-10)). Power spectrum at 48 kHz, Hann frames of 1024 samples centred
/// on every 480th sample (reflect padding 512), 64 Slaney bins from 50 to 14,000 Hz.
/// </summary>
/// <remarks>Matches torchlibrosa as HTS-AT uses it (Chen et al., 2022, arXiv 2202.00874). Thread-safe.</remarks>
public static class ClapMelSpectrogram
{
    public const int SampleRate = 48_000;
    public const int HopSamples = 480;
    public const int MelBins = 64;

    const int FrameSamples = 1024;

    static readonly MelSettings Settings = new(
        SampleRate, FrameSamples, HopSamples, PaddingSamples: FrameSamples / 2, MelBins,
        LowestHertz: 50, HighestHertz: 14_000, OfPower: true);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>One frame for the first sample and one for each whole hop: 1001 for 10 s.</summary>
    public static int FramesIn(int samples) => Settings.FramesIn(samples);

    /// <summary>Log mel of a waveform: [FramesIn(samples.Length), 64], row-major.</summary>
    /// <param name="samples">At least 513, 48 kHz.</param>
    public static float[] LogMel(ReadOnlySpan<float> samples) => Transform.Decibels(samples);
}
