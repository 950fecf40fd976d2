using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.VideoEncoder;

/// <summary>The gRPC edge of the first stage.</summary>
public sealed class VideoEncoderService(
    Bundle bundle, FramesToFeatures framesToFeatures, VideoPlaces places, OpenVideos openVideos,
    IOptions<VideoEncoderOptions> configured, ILogger<VideoEncoderService> log)
    : V1.VideoEncoder.VideoEncoderBase
{
    const string Stage = StageNames.VideoEncoder, Field = "video";
    const int LongestFileName = 255;

    readonly VideoEncoderOptions options = configured.Value;

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(bundle.Describe(
        Stage,
        StageDescription.Accelerator(framesToFeatures.Accelerator, framesToFeatures.Precision),
        inputs: [],
        outputs:
        [
            StageDescription.Float32(
                "features", "Tokens of one segment, one for each 2 frames.", ClipTiming.TokensPerSegment, framesToFeatures.Channels),
        ],
        limits:
        [
            StageDescription.Limit(nameof(options.MaxUploadBytes), options.MaxUploadBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxVideoDuration), options.MaxVideoDuration.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.MaxPicturePixels), options.MaxPicturePixels, "pixels"),
            StageDescription.Limit(nameof(options.MaxConcurrentVideos), places.Decoders, "requests"),
            StageDescription.Limit(nameof(options.MaxDecoderBytes), options.MaxDecoderBytes, "bytes"),
            StageDescription.Limit(nameof(options.MaxConcurrentUploads), options.MaxConcurrentUploads, "requests"),
            StageDescription.Limit(nameof(options.MinUploadBytesPerSecond), options.MinUploadBytesPerSecond, "bytes/s"),
            StageDescription.Limit(nameof(options.IdleTimeout), options.IdleTimeout.TotalSeconds, "s"),
            StageDescription.Limit(nameof(options.UploadTimeout), options.UploadTimeout.TotalSeconds, "s"),
        ]));

    public override async Task Encode(
        IAsyncStreamReader<EncodeVideoRequest> requestStream, IServerStreamWriter<EncodeVideoResponse> responseStream,
        ServerCallContext context)
    {
        var (cancellation, caller) = (context.CancellationToken, context.Caller());
        var clock = new StageClock(Stage, bundle);
        responseStream = responseStream.WithReadTimeout(options.ReadTimeout, nameof(options.ReadTimeout), cancellation);

        // :: Step 1: find the file, one that is open in this process, or an upload stored on disk. A call that sends nothing holds nothing.
        using var tooSlow = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var incoming = requestStream.WithIdleTimeout(options.IdleTimeout, tooSlow.Token).GetAsyncEnumerator(tooSlow.Token);
        var announced = await AnnouncedAsync(incoming);
        tooSlow.CancelAfter(options.UploadTimeout);
        using var admitted = places.Admit(caller);
        var open = announced.Opened.Length == 0 ? default((string Path, VideoFacts Facts)?)
            : openVideos.Find(announced.Opened) ?? throw InputFault.NotFound("opened", "names no video that is open in this process");
        using var upload = open is null ? await ReceiveAsync(incoming, announced, caller, tooSlow, cancellation) : null;
        var path = open?.Path ?? upload!.Path;

        // :: Step 2: the video is there. Wait for a place, and probe the video, unless that was done.
        tooSlow.CancelAfter(Timeout.InfiniteTimeSpan);
        using var place = await places.EnterAsync(caller, cancellation);
        var limits = new VideoLimits
        {
            MaxDuration = options.MaxVideoDuration,
            MaxPixels = options.MaxPicturePixels,
            MaxFileBytes = options.MaxUploadBytes,
            MaxDecoderBytes = options.MaxDecoderBytes,
        };
        var facts = open?.Facts ?? await VideoProbe.ReadAsync(path, limits, cancellation);
        VideoProbe.ThrowUnlessWithin(facts, limits);
        var info = facts.ToVideoInfo();
        await responseStream.WriteAsync(new() { Video = info }, cancellation);

        // :: Step 3: encode features while the video is decoded.
        var frames = FrameReader.ReadAsync(path, facts, bundle.Manifest.Timing, limits, cancellation);
        await foreach (var segment in framesToFeatures.Encode(frames, info.Windows, clock, cancellation))
            await responseStream.WriteAsync(ToMessage(segment), cancellation);
        log.Finished(info.Windows, facts.Duration.TotalSeconds, clock.Elapsed.TotalSeconds);
        await responseStream.WriteAsync(new() { Summary = clock.Summary(info.Windows) }, cancellation);
    }

    /// <summary>The first message, which says what follows.</summary>
    async Task<EncodeVideoOptions> AnnouncedAsync(IAsyncEnumerator<EncodeVideoRequest> incoming)
    {
        if (!await incoming.MoveNextAsync() || incoming.Current.Options is not { } announced)
            throw InputFault.Invalid("options", "must be the first message");
        if (announced.FileName.Length > LongestFileName)
            throw InputFault.Invalid(
                "file_name", $"must have at most {LongestFileName} characters, but has {announced.FileName.Length}");
        if (announced.FileBytes < 0)
            throw InputFault.Invalid("file_bytes", $"must not be negative, but is {announced.FileBytes}");
        UploadStream.ThrowIfTooLarge(Field, announced.FileBytes, options.MaxUploadBytes);
        return announced;
    }

    /// <summary>The video whose bytes follow the first message.</summary>
    async Task<SpooledUpload> ReceiveAsync(
        IAsyncEnumerator<EncodeVideoRequest> incoming, EncodeVideoOptions announced, string caller, CancellationTokenSource tooSlow,
        CancellationToken cancellation)
    {
        try
        {
            var rate = new UploadRate(options.MinUploadBytesPerSecond, nameof(options.MinUploadBytesPerSecond), options.IdleTimeout);
            await using var upload = new UploadStream(
                Chunks(incoming).GetAsyncEnumerator(tooSlow.Token), Field, options.MaxUploadBytes, rate);
            var spooled = await SpooledUpload.ReceiveAsync(upload, places.Bytes(caller), options.TemporaryFolder, tooSlow.Token);
            if (upload.Received > 0)
                return spooled;
            spooled.Dispose();
            throw InputFault.Invalid(Field, $"'{announced.FileName}' is empty (0 bytes)");
        }
        catch (OperationCanceledException) when (tooSlow.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RpcException(new(
                StatusCode.DeadlineExceeded, $"UploadTimeout: the upload took longer than {options.UploadTimeout.TotalSeconds} s"));
        }
    }

    static async IAsyncEnumerable<Google.Protobuf.ByteString> Chunks(IAsyncEnumerator<EncodeVideoRequest> incoming)
    {
        while (await incoming.MoveNextAsync())
            yield return incoming.Current.PartCase == EncodeVideoRequest.PartOneofCase.Chunk
                ? incoming.Current.Chunk
                : throw InputFault.Invalid("chunk", "must follow the options, but another message came");
    }

    static EncodeVideoResponse ToMessage(EncodedSegment segment) =>
        new()
        {
            Segment = new()
            {
                Window = segment.Window,
                Segment = segment.Segment,
                Features = segment.Features.ToMessage("features"),
                Cuts = { segment.Cuts },
            },
        };
}
