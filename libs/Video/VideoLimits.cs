namespace Rewas.Video;

/// <summary>What a video from outside may be at most, and must be at least.</summary>
public sealed record VideoLimits
{
    /// <summary>Longest picture stream. 15 minutes by default.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most pixels of a picture. 4096 x 2304 by default.</summary>
    public long MaxPixels { get; init; } = 4096L * 2304;

    /// <summary>Largest ratio of the picture's sides. 10 by default.</summary>
    public double MaxAspectRatio { get; init; } = 10;

    /// <summary>Shortest side of the picture, pixels. 16 by default.</summary>
    public int MinSide { get; init; } = 16;

    /// <summary>Largest file. 2 GiB by default.</summary>
    public long MaxFileBytes { get; init; } = 2L << 30;

    /// <summary>Fewest frames: what does not move has no energy to predict. 2 by default.</summary>
    public int MinFrames { get; init; } = 2;

    /// <summary>The option that raises <see cref="MaxDuration"/>, to be told to whoever meets it; empty for none.</summary>
    public string RaisedBy { get; init; } = "";

    /// <summary>Time that looking into the file may take. 60 seconds by default.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
