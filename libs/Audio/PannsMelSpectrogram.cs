namespace Rewas.Audio;

/// <summary>
/// The log mel spectrogram that PANNs' CNN14 hears at 16 kHz: frames of 512 samples under a Hann window, centred on every 160th sample (reflect
/// padding 256), power, 64 Slaney bins from 50 to 8000 Hz, 10 log10(max(x, 1e-10)): decibels.
/// </summary>
/// <remarks>As torchlibrosa computes it for PANNs (Kong et al. 2020, arXiv 1912.10211). Safe to call from several threads.</remarks>
public static class PannsMelSpectrogram
{
    public const int SampleRate = 16_000;
    public const int MelBins = 64;

    const int FrameSamples = 512;

    static readonly MelSettings Settings = new(
        SampleRate, FrameSamples, HopSamples: 160, PaddingSamples: FrameSamples / 2, MelBins, LowestHertz: 50, HighestHertz: 8000, OfPower: true);
    static readonly MelTransform Transform = new(Settings);

    /// <summary>Log mel of a waveform: [F, 64], row-major, with a frame for the first sample and one for each whole hop: 513 for 5.12 s.</summary>
    /// <param name="samples">At least 257, 16 kHz.</param>
    public static float[] LogMel(ReadOnlySpan<float> samples) => Transform.Decibels(samples);
}
