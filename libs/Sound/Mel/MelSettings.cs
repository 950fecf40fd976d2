namespace Rewas.Sound.Mel;

/// <summary>How a waveform becomes mel frames.</summary>
/// <param name="FrameSamples">Samples under a frame's Hann window, a power of two.</param>
/// <param name="HopSamples">Samples between the starts of adjacent frames.</param>
/// <param name="PaddingSamples">Samples mirrored at each end.</param>
/// <param name="MelBins">Number of Slaney filters.</param>
/// <param name="LowestHertz">Lower edge of the first filter.</param>
/// <param name="HighestHertz">Upper edge of the last filter.</param>
/// <param name="OfPower">True: the filters weigh the power spectrum. False: the magnitude spectrum.</param>
sealed record MelSettings(
    int SampleRate, int FrameSamples, int HopSamples, int PaddingSamples,
    int MelBins, double LowestHertz, double HighestHertz, bool OfPower)
{
    /// <summary>Samples under the Hann window, in the middle of the frame. 0: all samples of the frame.</summary>
    public int WindowSamples { get; init; }

    /// <summary>True: triangles of height 1 on the scale of HTK. False: triangles of area 1 on Slaney's scale.</summary>
    public bool IsHtk { get; init; }

    /// <summary>Fewest samples that allow the padding to be mirrored.</summary>
    public int MinimumSamples => PaddingSamples + 1;

    /// <summary>Number of whole frames in the padded waveform.</summary>
    public int FramesIn(int samples) => (samples + 2 * PaddingSamples - FrameSamples + HopSamples) / HopSamples;
}
