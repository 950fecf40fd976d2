using Rewas.Client;
using Rewas.Conflict;
using Rewas.Cli.Commands;
using Rewas.Video;

namespace Rewas.Cli;

/// <summary>A look at a video for a caption or a check, with CLIP's eyes too where there is one.</summary>
static class VideoLook
{
    public static async Task<SeenVideo> AtAsync(RewasClient client, string path, IProgress<GenerateProgress>? progress, CancellationToken cancel, ClipCaptioner? clip = null)
    {
        VideoSource.FromFile(path);                                          // tells of a file that is not there as every command does
        var facts = await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel);
        var seen = await SeenVideo.LookAsync(client, path, facts, progress, cancel);
        return clip is null ? seen : seen with { Clip = await clip.LookAsync(path, facts, seen, cancel) };
    }
}
