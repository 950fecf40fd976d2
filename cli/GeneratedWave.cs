namespace Rewas.Cli;

/// <summary>A short sound that is measured when it has been made: it is kept in memory.</summary>
sealed class GeneratedWave
{
    readonly List<float> samples = [];

    /// <summary>16 kHz, mono.</summary>
    public float[] ToArray() => [.. samples];

    /// <summary>For <see cref="Client.GenerateRequest.Sink"/>.</summary>
    public ValueTask AddAsync(ReadOnlyMemory<float> part, CancellationToken cancellation)
    {
        samples.AddRange(part.Span);
        return ValueTask.CompletedTask;
    }
}
