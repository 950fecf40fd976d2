namespace Rewas.Video;

/// <summary>What is known of a video file before it is decoded. Sizes are those of the picture as shown, after rotation.</summary>
public sealed record VideoFacts
{
    /// <summary>End of the last frame minus start of the first, from the timestamps of all packets of the picture stream.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Frames in the file.</summary>
    public required long Frames { get; init; }

    /// <summary>Time of the first frame by the file's own clock.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>How much later the first frame comes than the first packet of any stream, e.g. of sound that begins earlier.</summary>
    public required TimeSpan StartOffset { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width of a pixel over its height, after rotation; 1 for square pixels.</summary>
    public required double PixelAspect { get; init; }

    /// <summary>Degrees, clockwise, by which the stored picture is turned to be shown: 0, 90, 180 or 270.</summary>
    public required int Rotation { get; init; }

    /// <summary>Codec as ffprobe names it, e.g. "h264".</summary>
    public required string Codec { get; init; }

    /// <summary>Container as ffprobe names it, e.g. "mov,mp4,m4a,3gp,3g2,mj2".</summary>
    public required string Container { get; init; }

    /// <summary>The file says that its pictures are pairs of fields.</summary>
    public required bool Interlaced { get; init; }

    public required bool HasAudio { get; init; }

    /// <summary>The picture stream among all streams of the file.</summary>
    public required int StreamIndex { get; init; }

    /// <summary>How it is known when each frame is shown.</summary>
    public FrameOrder Order { get; init; }

    /// <summary>Frames at the beginning that an edit list hides: they are decoded for others and never shown.</summary>
    public long HiddenFrames { get; init; }

    /// <summary>The picture has a transparency that is coded beside it, as in WebM.</summary>
    public bool HasAlphaBeside { get; init; }

    /// <summary>Streams beside picture and sound, in the order of the file.</summary>
    public IReadOnlyList<SideStream> Others { get; init; } = [];

    /// <summary>Names of the tags of the whole file, such as "title" or "com.apple.quicktime.make".</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Version of the ffmpeg that looked into it.</summary>
    public required string FfmpegVersion { get; init; }

    /// <summary>Average frames per second.</summary>
    public double FrameRate => Frames / Duration.TotalSeconds;
}
