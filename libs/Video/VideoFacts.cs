namespace Rewas.Video;

/// <summary>Facts about a video file, known without decoding it. Sizes are those of the picture as shown, after rotation.</summary>
public sealed record VideoFacts
{
    /// <summary>End of the last frame minus start of the first, from the timestamps of all packets of the picture.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Frames in the file.</summary>
    public required long Frames { get; init; }

    /// <summary>Time of the first frame on the file's own clock.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Delay of the first frame after the first packet of any stream, e.g. of sound that starts earlier.</summary>
    public required TimeSpan StartOffset { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width of a pixel divided by its height, after rotation; 1 for square pixels.</summary>
    public required double PixelAspect { get; init; }

    /// <summary>Clockwise rotation of the stored picture for display, degrees: 0, 90, 180 or 270.</summary>
    public required int Rotation { get; init; }

    /// <summary>ffprobe's codec name, e.g. "h264".</summary>
    public required string Codec { get; init; }

    /// <summary>ffprobe's container name, e.g. "mov,mp4,m4a,3gp,3g2,mj2".</summary>
    public required string Container { get; init; }

    /// <summary>Whether the file states that its pictures are pairs of fields.</summary>
    public required bool Interlaced { get; init; }

    public required bool HasAudio { get; init; }

    /// <summary>Index of the picture stream among all streams.</summary>
    public required int StreamIndex { get; init; }

    /// <summary>How the display time of each frame is known.</summary>
    public FrameOrder Order { get; init; }

    /// <summary>Number of frames at the beginning that an edit list hides. They are decoded for others and never shown.</summary>
    public long HiddenFrames { get; init; }

    /// <summary>Whether the picture has a separately coded alpha channel, as in WebM.</summary>
    public bool HasAlphaBeside { get; init; }

    /// <summary>Streams other than picture and sound, in file order.</summary>
    public IReadOnlyList<SideStream> Others { get; init; } = [];

    /// <summary>Names of the file's tags, such as "title" or "com.apple.quicktime.make".</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Version of the ffprobe that read the file.</summary>
    public required string FfmpegVersion { get; init; }

    /// <summary>Rate of the frames as a fraction. A picture of varying rate has its mean.</summary>
    public FrameRate Rate { get; init; } = new(25, 1);

    /// <summary>Timecode of the first frame; null if the file has none.</summary>
    public Timecode? Timecode { get; init; }

    /// <summary>Average frames per second.</summary>
    public double FrameRate => Frames / Duration.TotalSeconds;
}
