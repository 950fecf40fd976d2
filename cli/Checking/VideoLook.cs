using Rewas.Cli.Arguments;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.PromptCheck;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Checking;

/// <summary>Describes a video for a caption or a check, with CLIP if the bundle has it.</summary>
static class VideoLook
{
    public static async Task<SeenVideo> AtAsync(
        Stages stages, VideoClip video, IProgress<GenerateProgress>? progress, CancellationToken cancel, ClipCaptioner? clip = null)
    {
        var seen = await SeenVideo.LookAsync(stages.Client, stages.Open(video).Source, video.Path, video.Facts, progress, cancel);
        return clip is null ? seen : seen with { Clip = await clip.LookAsync(video.Path, video.Facts, seen, cancel) };
    }

    /// <summary>Describes a file that has not been probed yet.</summary>
    public static async Task<SeenVideo> AtAsync(Stages stages, string path, CancellationToken cancel) =>
        await AtAsync(stages, path, clip: null, cancel);

    /// <summary>Describes a file that has not been probed yet, with CLIP if there is one.</summary>
    public static async Task<SeenVideo> AtAsync(Stages stages, string path, ClipCaptioner? clip, CancellationToken cancel) =>
        await AtAsync(stages, new(path, await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel)), progress: null, cancel, clip);
}
