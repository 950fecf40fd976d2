namespace Rewas.Sound;

/// <summary>Settings of onset detection. The defaults suit 16 kHz sound and 100 mel frames per second.</summary>
/// <remarks>
/// Peak picking follows Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods" (ISMIR 2012). The spans (30
/// ms before a peak, 100 ms of mean on either side) and the threshold 0.07 are librosa's, found by a search over onset_db.
/// </remarks>
public sealed record OnsetSettings
{
    /// <summary>
    /// The evaluation settings of CondFoleyGen (Du et al. 2023, arXiv 2304.08490): librosa's frames at 22,050 Hz, threshold 0.3.
    /// </summary>
    public static readonly OnsetSettings CondFoleyGen = new()
    {
        SampleRate = 22_050,
        FrameSamples = 2048,
        HopSamples = 512,
        Threshold = 0.3,
        LeastPeakDecibels = 0,
    };

    /// <summary>The AV-align settings of TempoTokens (Yariv et al. 2023, arXiv 2309.16429): librosa's defaults at 22,050 Hz.</summary>
    public static readonly OnsetSettings TempoTokens = CondFoleyGen with { Threshold = 0.07 };

    /// <summary>Sample rate, Hz.</summary>
    public int SampleRate { get; init; } = 16_000;

    /// <summary>Samples under a frame's window, a power of two.</summary>
    public int FrameSamples { get; init; } = 1024;

    /// <summary>Samples between the starts of adjacent frames.</summary>
    public int HopSamples { get; init; } = 160;

    /// <summary>Number of Slaney filters from 0 Hz to half the sample rate.</summary>
    public int MelBins { get; init; } = 128;

    /// <summary>How far a peak must exceed the local mean, relative to the clip's strongest rise. From 0 to 1.</summary>
    public double Threshold { get; init; } = 0.07;

    /// <summary>
    /// Smallest value used as the clip's strongest rise, so that the ripple of a steady sound gives no onsets. Mean dB over the mel bins; 0
    /// as published.
    /// </summary>
    public double LeastPeakDecibels { get; init; } = 10;

    /// <summary>Frames per second.</summary>
    public double FrameRate => (double)SampleRate / HopSamples;

    /// <summary>Number of whole hops in a duration.</summary>
    internal int FramesIn(double seconds) => (int)(seconds * SampleRate / HopSamples);
}
