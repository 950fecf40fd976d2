using Microsoft.Extensions.Options;
using Rewas.Faults;

namespace Rewas.VideoEncoder;

/// <summary>How many videos are worked on at once: each has its file on disk, its decoder process and its frames in memory.</summary>
public sealed class VideoPlaces(IOptions<VideoEncoderOptions> options)
{
    readonly int capacity = options.Value.MaxConcurrentVideos;
    int taken;

    /// <summary>A place, given back by disposing it.</summary>
    /// <exception cref="InputFault">All are taken.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref taken) <= capacity)
            return new Place(this);
        Interlocked.Decrement(ref taken);
        throw new InputFault(FaultKind.Exhausted, "video", $"{capacity} videos are being encoded already (MaxConcurrentVideos)") { RetryAfter = TimeSpan.FromSeconds(2) };
    }

    sealed class Place(VideoPlaces places) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref places.taken);
    }
}
