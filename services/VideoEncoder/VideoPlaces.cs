using Microsoft.Extensions.Options;
using Rewas.Faults;

namespace Rewas.VideoEncoder;

/// <summary>Limits the videos processed at once. Each has a file on disk, a decoder process and frames in memory.</summary>
public sealed class VideoPlaces(IOptions<VideoEncoderOptions> options)
{
    readonly int capacity = options.Value.MaxConcurrentVideos;
    int taken;

    /// <summary>Takes a place, released by disposal.</summary>
    /// <exception cref="InputFault">All places are taken.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref taken) <= capacity)
            return new Place(this);
        Interlocked.Decrement(ref taken);
        throw new InputFault(FaultKind.Exhausted, "video", $"{capacity} videos are being encoded already (MaxConcurrentVideos)")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };
    }

    sealed class Place(VideoPlaces places) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref places.taken);
    }
}
