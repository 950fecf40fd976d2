namespace Rewas.Video;

/// <summary>Limits of a video from outside.</summary>
public sealed record VideoLimits
{
    /// <summary>Longest picture stream. Default 15 minutes.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most pixels per picture. Default 4096 x 2304.</summary>
    public long MaxPixels { get; init; } = 4096L * 2304;

    /// <summary>
    /// Most frames per second, on average. Default 1000. All frames together may have as many pixels as the longest video of the largest
    /// picture has at 120 frames per second.
    /// </summary>
    public double MaxFrameRate { get; init; } = 1000;

    /// <summary>Largest ratio of the picture's sides, as stored and as shown. Default 10.</summary>
    public double MaxAspectRatio { get; init; } = 10;

    /// <summary>Least length of each side, pixels. Default 16.</summary>
    public int MinSide { get; init; } = 16;

    /// <summary>Largest file. Default 2 GiB.</summary>
    public long MaxFileBytes { get; init; } = 2L << 30;

    /// <summary>Fewest frames, because a still picture has no energy to predict. Default 2.</summary>
    public int MinFrames { get; init; } = 2;

    /// <summary>Most memory of one ffmpeg that reads the video, bytes. Default 512 MiB.</summary>
    public long MaxDecoderBytes { get; init; } = 512L << 20;

    /// <summary>The option that raises <see cref="MaxDuration"/>, named in the error; empty for none.</summary>
    public string RaisedBy { get; init; } = "";

    /// <summary>Longest time to probe the file. Default 60 seconds.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
