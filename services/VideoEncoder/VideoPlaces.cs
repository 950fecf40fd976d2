using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Video;

namespace Rewas.VideoEncoder;

/// <summary>
/// What calls hold: an upload, bytes on disk, and a place for a decoder. An upload costs little and may take long. A decoder costs much, so
/// its place is taken only when the whole video is there.
/// </summary>
public sealed class VideoPlaces
{
    /// <summary>Memory of the process itself: the network, its work, and frames.</summary>
    const long OwnBytes = 512L << 20;

    const string Field = "video";
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    readonly VideoEncoderOptions options;
    readonly SharedPlaces uploads, decoders;
    readonly SharedBytes bytes;

    public VideoPlaces(IOptions<VideoEncoderOptions> configured, ILogger<VideoPlaces> log)
    {
        options = configured.Value;
        var places = Fitting(options, ContainerMemory.Limit);
        if (places < options.MaxConcurrentVideos)
            log.FewerPlaces(places, options.MaxConcurrentVideos, options.MaxDecoderBytes, ContainerMemory.Limit);
        uploads = new(
            Field, (options.MaxConcurrentUploads, nameof(options.MaxConcurrentUploads)),
            (options.MaxUploadsPerCaller, nameof(options.MaxUploadsPerCaller)));
        decoders = new(
            Field, (places, nameof(options.MaxConcurrentVideos)), (options.MaxVideosPerCaller, nameof(options.MaxVideosPerCaller)));
        bytes = new(Field, (options.MaxTotalUploadBytes, nameof(options.MaxTotalUploadBytes)), options.MaxTotalUploadBytes / 2);
    }

    /// <summary>Videos that are decoded at once.</summary>
    public int Decoders => decoders.Capacity;

    /// <summary>Videos that are there and wait for a decoder.</summary>
    public int Waiting => decoders.Waiting;

    /// <summary>The decoders that the settings allow and whose memory fits beside the process's own; at least one.</summary>
    /// <param name="memoryBytes">Memory of the container or machine.</param>
    public static int Fitting(VideoEncoderOptions options, long memoryBytes) =>
        (int)Math.Clamp((memoryBytes - OwnBytes) / options.MaxDecoderBytes, 1, options.MaxConcurrentVideos);

    /// <summary>Takes what a call holds until its video is there.</summary>
    /// <exception cref="InputFault">Exhausted: too many calls upload or wait, or too many of this caller. They may be repeated.</exception>
    public IDisposable Admit(string caller)
    {
        // Otherwise the caller would send its video only to wait for longer than it would elsewhere.
        if (Waiting >= options.MaxWaitingVideos)
            throw new InputFault(
                FaultKind.Exhausted, Field, $"{Waiting} videos wait already for one of {Decoders} places (MaxWaitingVideos)")
            {
                RetryAfter = RetryAfter,
            };
        return uploads.Enter(caller);
    }

    /// <summary>Begins to count the bytes of an upload.</summary>
    public SharedBytes.Holding Bytes(string caller) => bytes.Begin(caller);

    /// <summary>Waits for a decoder's place, released by disposal.</summary>
    public Task<IDisposable> EnterAsync(string caller, CancellationToken cancellation) => decoders.EnterAsync(caller, cancellation);
}
