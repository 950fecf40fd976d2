namespace Rewas.Video;

/// <summary>
/// Places for decoders that look at a whole video at once: filmstrips, key frames, motion. Callers decide when they run, so without places
/// they would decide how much memory this process and its children take. A reader that others wait for holds none.
/// </summary>
public static class DecoderPlaces
{
    /// <summary>The part of the memory that these decoders may take together.</summary>
    const int Part = 4;

    static readonly SemaphoreSlim Places = new(Fitting(ContainerMemory.Limit, new VideoLimits().MaxDecoderBytes));

    /// <summary>At least one, and at most one for each processor.</summary>
    public static int Fitting(long memoryBytes, long decoderBytes) =>
        (int)Math.Clamp(memoryBytes / Part / decoderBytes, 1, Environment.ProcessorCount);

    /// <summary>Waits for a place, released by disposal.</summary>
    public static async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await Places.WaitAsync(cancellation);
        return new Place();
    }

    sealed class Place : IDisposable
    {
        int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                Places.Release();
        }
    }
}
