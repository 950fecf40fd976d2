namespace Rewas.Sound.Mel;

/// <summary>
/// PANNs CNN14's input: a log mel spectrogram in decibels, 10 log10(max(x, 1e-10)). Power spectrum at 16 kHz, Hann frames of 512 samples
/// centred on every 160th sample (reflect padding 256), 64 Slaney bins from 50 to 8000 Hz.
/// </summary>
/// <remarks>Matches torchlibrosa as PANNs uses it (Kong et al. 2020, arXiv 1912.10211). Thread-safe.</remarks>
public static class PannsMelSpectrogram
{
    public const int SampleRate = 16_000;
    public const int MelBins = 64;

    const int FrameSamples = 512;

    static readonly MelSettings Settings = new(
        SampleRate, FrameSamples, HopSamples: 160, PaddingSamples: FrameSamples / 2, MelBins,
        LowestHertz: 50, HighestHertz: 8000, OfPower: true);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>
    /// Log mel of a waveform: [F, 64], row-major, with a frame for the first sample and one for each whole hop: 513 for 5.12 s.
    /// </summary>
    /// <param name="samples">At least 257, 16 kHz.</param>
    public static float[] LogMel(ReadOnlySpan<float> samples) => Transform.Decibels(samples);
}
