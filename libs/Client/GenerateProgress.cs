using Rewas.V1;

namespace Rewas.Client;

/// <summary>What just happened. Stages overlap, so events of different stages interleave.</summary>
public abstract record GenerateProgress
{
    GenerateProgress()
    {
    }

    /// <param name="Bytes">Bytes of the file that are on their way.</param>
    /// <param name="Total">Length of the file if known.</param>
    public sealed record Uploaded(long Bytes, long? Total) : GenerateProgress;

    /// <summary>The file is a video, and this is what it holds.</summary>
    public sealed record VideoFound(VideoInfo Video) : GenerateProgress;

    /// <summary>Features of a segment came.</summary>
    public sealed record SegmentEncoded(int Window, int Segment, int Windows) : GenerateProgress;

    /// <summary>Energy of a window came.</summary>
    public sealed record EnergyPredicted(int Window, int Windows) : GenerateProgress;

    /// <summary>Requests before this one; 0 when its turn has come.</summary>
    public sealed record Queued(int Position) : GenerateProgress;

    /// <summary>
    /// A sampling step is done, from 1 to <paramref name="Steps"/>. Windows count in the order in which they are sampled.
    /// </summary>
    public sealed record Sampled(int Window, int Windows, int Step, int Steps, TimeSpan StepElapsed) : GenerateProgress;

    /// <summary>Samples that the sink has taken.</summary>
    public sealed record SoundWritten(long Samples, long Total) : GenerateProgress;
}
