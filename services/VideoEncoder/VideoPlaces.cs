using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;

namespace Rewas.VideoEncoder;

/// <summary>Limits the videos processed at once. Each has a file on disk, a decoder process and frames in memory.</summary>
public sealed class VideoPlaces(IOptions<VideoEncoderOptions> options) : IDisposable
{
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    readonly int capacity = options.Value.MaxConcurrentVideos;
    readonly ConcurrencyLimiter limiter = new(new() { PermitLimit = options.Value.MaxConcurrentVideos, QueueLimit = 0 });

    /// <summary>Takes a place, released by disposal.</summary>
    /// <exception cref="InputFault">All places are taken.</exception>
    public IDisposable Enter()
    {
        var place = limiter.AttemptAcquire();
        if (place.IsAcquired)
            return place;
        place.Dispose();
        throw new InputFault(FaultKind.Exhausted, "video", $"{capacity} videos are being encoded already (MaxConcurrentVideos)")
        {
            RetryAfter = RetryAfter,
        };
    }

    public void Dispose() => limiter.Dispose();
}
