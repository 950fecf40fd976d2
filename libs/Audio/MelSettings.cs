namespace Rewas.Audio;

/// <summary>How a waveform becomes mel frames.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="FrameSamples">Samples under the Hann window of a frame, a power of two.</param>
/// <param name="HopSamples">From the start of a frame to the start of the next.</param>
/// <param name="PaddingSamples">Mirrored at both ends.</param>
/// <param name="MelBins">Slaney filters.</param>
/// <param name="LowestHertz">Where the first filter starts.</param>
/// <param name="HighestHertz">Where the last filter ends.</param>
/// <param name="OfPower">Whether the filters weigh the power of the spectrum, not its magnitude.</param>
sealed record MelSettings(
    int SampleRate, int FrameSamples, int HopSamples, int PaddingSamples, int MelBins, double LowestHertz, double HighestHertz, bool OfPower)
{
    /// <summary>Fewest samples that can be reflected at the ends.</summary>
    public int MinimumSamples => PaddingSamples + 1;

    /// <summary>Frames that lie whole in the padded waveform.</summary>
    public int FramesIn(int samples) => (samples + 2 * PaddingSamples - FrameSamples + HopSamples) / HopSamples;
}
