namespace Rewas.Clip;

/// <summary>How the tokens of a window map to time.</summary>
public enum TokenLayout
{
    /// <summary>Each token has the time of its own 2 frames. Where segments overlap, tokens of the same time are averaged.</summary>
    TrueTimes,

    /// <summary>The tokens of all segments are concatenated and stretched over the window, as the published phi was trained.</summary>
    EndToEnd,
}

/// <summary>
/// The division of time into diffusion windows, mel frames, samples, video frames, segments and tokens. Every length in the platform comes
/// from here. The constants hold for all bundles; the properties come from <c>bundle.json</c>.
/// </summary>
public sealed record ClipTiming
{
    public const int FrameRate = 25;
    public const int SampleRate = 16_000;
    public const int HopSamples = 160;
    public const int MelBins = 64;
    public const int MelFramesPerWindow = 512;
    public const int SamplesPerWindow = MelFramesPerWindow * HopSamples;                       // 81,920 = 5.12 s
    public const int FramesPerWindow = SamplesPerWindow * FrameRate / SampleRate;              // 128
    public const int MelFramesPerFrame = MelFramesPerWindow / FramesPerWindow;                 // 4
    public const int SegmentFrames = 16;
    public const int FramesPerToken = 2;
    public const int TokensPerSegment = SegmentFrames / FramesPerToken;                        // 8

    /// <summary>
    /// Mel frames of the shortest scene: 1.28 s. Cuts are at least this far from each other and from the start. Shorter scenes would waste
    /// most of a window.
    /// </summary>
    public const int ShortestScene = 128;

    /// <summary>Side of the square picture that the video encoder reads, pixels. Published: 224.</summary>
    public int FrameSize { get; init; } = 224;

    /// <summary>Length to which the shorter side is scaled before the centre crop, pixels. Published: 256.</summary>
    public int ResizeShorterSide { get; init; } = 256;

    /// <summary>Frame of a window at which its first segment starts. Published: 2, (125 - 120) / 2.</summary>
    public int FirstFrame { get; init; } = 2;

    /// <summary>Frames between the starts of adjacent segments.</summary>
    public int SegmentStride { get; init; } = 8;

    public int SegmentsPerWindow { get; init; } = 14;

    public TokenLayout TokenLayout { get; init; } = TokenLayout.EndToEnd;

    /// <summary>Tokens of a window in the energy predictor: 112 end to end, 64 at true times with 15 segments of stride 8.</summary>
    public int TokensPerWindow => TokenLayout == TokenLayout.EndToEnd
        ? SegmentsPerWindow * TokensPerSegment
        : ((SegmentsPerWindow - 1) * SegmentStride + SegmentFrames) / FramesPerToken;

    public static TimeSpan WindowDuration => TimeSpan.FromSeconds((double)SamplesPerWindow / SampleRate);

    /// <summary>First frame of a segment in the whole video, at 25 frames per second.</summary>
    public long SegmentStart(int window, int segment) => (long)window * FramesPerWindow + FirstFrame + (long)segment * SegmentStride;

    /// <summary>Samples of sound that last as long as the video, to the nearest sample.</summary>
    public static long SamplesIn(TimeSpan duration) =>
        (long)Math.Round(duration.Ticks * (double)SampleRate / TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);

    /// <summary>Number of windows that cover this many samples. The last window may reach past the end.</summary>
    public static int WindowsFor(long samples) => checked((int)((samples + SamplesPerWindow - 1) / SamplesPerWindow));

    /// <summary>Start time of a mel frame, seconds.</summary>
    public static double MelFrameSeconds(long frame) => frame * (double)HopSamples / SampleRate;
}
