namespace Rewas.Audio;

/// <summary>How onsets are found. The defaults are for sound at 16 kHz with the mel frames of the platform, 100 a second.</summary>
/// <remarks>
/// Peak picking after Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods" (ISMIR 2012), with the
/// spans and the threshold that librosa found by search over onset_db: 30 ms before a peak, 100 ms of mean on either side, 0.07.
/// </remarks>
public sealed record OnsetSettings
{
    /// <summary>What CondFoleyGen (Du et al. 2023, arXiv 2304.08490) evaluates with: librosa's frames at 22,050 Hz, threshold 0.3.</summary>
    public static readonly OnsetSettings CondFoleyGen = new() { SampleRate = 22_050, FrameSamples = 2048, HopSamples = 512, Threshold = 0.3, LeastPeakDecibels = 0 };

    /// <summary>What TempoTokens (Yariv et al. 2023, arXiv 2309.16429) measures AV-align with: librosa's defaults at 22,050 Hz.</summary>
    public static readonly OnsetSettings TempoTokens = CondFoleyGen with { Threshold = 0.07 };

    /// <summary>Rate of the sound, Hz.</summary>
    public int SampleRate { get; init; } = 16_000;

    /// <summary>Samples under the window of a frame, a power of two.</summary>
    public int FrameSamples { get; init; } = 1024;

    /// <summary>From one frame to the next, samples.</summary>
    public int HopSamples { get; init; } = 160;

    /// <summary>Slaney filters from 0 Hz to half the sample rate.</summary>
    public int MelBins { get; init; } = 128;

    /// <summary>How far a peak must stand over the mean round it, as a part of the clip's strongest rise. 0 to 1.</summary>
    public double Threshold { get; init; } = 0.07;

    /// <summary>
    /// A clip without a rise of this much counts its rises against this much instead of its strongest one, so that the ripple of a
    /// steady sound is not a row of onsets. Mean dB over the mel bins; 0 as published.
    /// </summary>
    public double LeastPeakDecibels { get; init; } = 10;

    /// <summary>Frames a second.</summary>
    public double FrameRate => (double)SampleRate / HopSamples;

    /// <summary>Whole hops in so many seconds.</summary>
    internal int FramesIn(double seconds) => (int)(seconds * SampleRate / HopSamples);
}
