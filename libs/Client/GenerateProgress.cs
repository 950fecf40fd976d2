using Rewas.V1;

namespace Rewas.Client;

/// <summary>An event of a request. Stages overlap, so their events interleave.</summary>
public abstract record GenerateProgress
{
    GenerateProgress()
    {
    }

    /// <param name="Bytes">Bytes sent so far.</param>
    /// <param name="Total">Length of the file, if known.</param>
    public sealed record Uploaded(long Bytes, long? Total) : GenerateProgress;

    /// <summary>The file was probed: it is a video with these facts.</summary>
    public sealed record VideoFound(VideoInfo Video) : GenerateProgress;

    /// <summary>The features of a segment have arrived.</summary>
    public sealed record SegmentEncoded(int Window, int Segment, int Windows) : GenerateProgress;

    /// <summary>The energy of a window has arrived.</summary>
    public sealed record EnergyPredicted(int Window, int Windows) : GenerateProgress;

    /// <summary>Number of requests before this one; 0 when its turn has come.</summary>
    public sealed record Queued(int Position) : GenerateProgress;

    /// <summary>A sampling step has ended; steps count from 1 to <paramref name="Steps"/>. Windows count in sampling order.</summary>
    public sealed record Sampled(int Window, int Windows, int Step, int Steps, TimeSpan StepElapsed) : GenerateProgress;

    /// <summary>Number of samples that the sink has received.</summary>
    public sealed record SoundWritten(long Samples, long Total) : GenerateProgress;

    /// <summary>
    /// A stage was unavailable, so the request is made again. The events of earlier stages may come again; sound that was delivered does
    /// not.
    /// </summary>
    /// <param name="Attempts">Attempts that have failed.</param>
    /// <param name="Reason">One line that names the stage.</param>
    public sealed record Repeated(int Attempts, string Reason) : GenerateProgress;
}
