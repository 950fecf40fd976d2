namespace Rewas.Networks;

/// <summary>Where the tokens of a window stand in time.</summary>
public enum TokenLayout
{
    /// <summary>Each token at the time of its own 2 frames; where segments overlap, the tokens of one time are averaged.</summary>
    TrueTimes,

    /// <summary>All tokens of all segments laid end to end and stretched over the window, as the published phi was trained.</summary>
    EndToEnd,
}

/// <summary>
/// How time is cut: windows of diffusion, mel frames, samples, video frames, segments, tokens. Every length in the platform
/// comes from here. The constants hold for all bundles; the properties come from the bundle's <c>bundle.json</c>.
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

    /// <summary>Mel frames of the shortest scene: 1.28 s. Cuts are not nearer to each other, nor to the start, or sound would be made in windows that are mostly thrown away.</summary>
    public const int ShortestScene = 128;

    /// <summary>Side of the square picture that the video encoder sees, pixels. 224 in the published system.</summary>
    public int FrameSize { get; init; } = 224;

    /// <summary>The shorter side is scaled to this before the centre crop, pixels. 256 in the published system.</summary>
    public int ResizeShorterSide { get; init; } = 256;

    /// <summary>Frame of a window at which its first segment starts. 2 in the published system: (125 - 120) / 2.</summary>
    public int FirstFrame { get; init; } = 2;

    /// <summary>Frames from one segment's start to the next one's.</summary>
    public int SegmentStride { get; init; } = 8;

    public int SegmentsPerWindow { get; init; } = 14;

    public TokenLayout TokenLayout { get; init; } = TokenLayout.EndToEnd;

    /// <summary>Tokens of a window as the energy predictor sees them: 112 end to end, 64 at true times with 15 segments of stride 8.</summary>
    public int TokensPerWindow => TokenLayout == TokenLayout.EndToEnd
        ? SegmentsPerWindow * TokensPerSegment
        : ((SegmentsPerWindow - 1) * SegmentStride + SegmentFrames) / FramesPerToken;

    public static TimeSpan WindowDuration => TimeSpan.FromSeconds((double)SamplesPerWindow / SampleRate);

    /// <summary>First frame of a segment in the whole video, at 25 frames per second.</summary>
    public long SegmentStart(int window, int segment) => (long)window * FramesPerWindow + FirstFrame + (long)segment * SegmentStride;

    /// <summary>Samples of sound that last exactly as long as the video, to the nearest sample.</summary>
    public static long SamplesIn(TimeSpan duration) => (long)Math.Round(duration.Ticks * (double)SampleRate / TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);

    /// <summary>Windows that cover so many samples; the last may reach past the end.</summary>
    public static int WindowsFor(long samples) => checked((int)((samples + SamplesPerWindow - 1) / SamplesPerWindow));

    /// <summary>Time of a mel frame's start, seconds.</summary>
    public static double MelFrameSeconds(long frame) => frame * (double)HopSamples / SampleRate;
}
