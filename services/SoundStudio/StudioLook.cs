using Grpc.Core;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.PromptCheck;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>Finds out what there is to know about a video. A replica does it once for its working copy.</summary>
public sealed class StudioLook(StudioStages stages, DecoderShares decoders, IOptions<SoundStudioOptions> configured)
{
    readonly SoundStudioOptions options = configured.Value;

    public async Task<VideoFacts> FactsAsync(WorkingVideo video, CancellationToken cancellation) =>
        video.Facts ??= await VideoProbe.ReadAsync(
            video.Path, new VideoLimits { MaxDuration = options.MaxVideoDuration, MaxFileBytes = options.MaxVideoBytes }, cancellation);

    /// <param name="caller">Whose share of the decoders it takes. What was seen before takes none.</param>
    /// <exception cref="RpcException">A stage refused the video or failed.</exception>
    public async Task<SeenVideo> SeenAsync(
        WorkingVideo video, VideoFacts facts, string caller, TimeSpan timeout, CancellationToken cancellation)
    {
        if (video.Seen is { } seen)
            return seen;
        using var place = await decoders.EnterAsync(caller, cancellation);
        try
        {
            return video.Seen ??= await SeenVideo.LookAsync(
                stages.Client, video.ClipFor(stages, facts).Source, video.Path, facts, progress: null, cancellation, timeout);
        }
        catch (StageFailure failure)
        {
            throw new RpcException(new(failure.Status, $"{failure.Stage}: {failure.Detail}"));
        }
    }
}
