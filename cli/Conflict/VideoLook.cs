using Rewas.Client;
using Rewas.Conflict;
using Rewas.Cli.Commands;
using Rewas.Video;

namespace Rewas.Cli;

/// <summary>A look at a video for a caption or a check: the first two stages, and the file's own motion.</summary>
static class VideoLook
{
    public static async Task<SeenVideo> AtAsync(RewasClient client, string path, IProgress<GenerateProgress>? progress, CancellationToken cancel, ClipCaptioner? clip = null)
    {
        var source = VideoSource.FromFile(path);
        var facts = await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel);
        var motion = PictureMotion.ReadAsync(path, facts, cancel);
        var seen = await SeenVideo.LookAsync(client, source, progress, cancel);
        seen = seen with { Motion = await motion };
        return clip is null ? seen : seen with { Clip = await clip.LookAsync(path, facts, seen, cancel) };
    }
}
