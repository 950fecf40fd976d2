using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>
/// The video that a command works on: the named file, or a video converted from an animation or from an unfinished recording.
/// </summary>
sealed class VideoInput : IDisposable
{
    static readonly Option<bool> Unfinished = new("--unfinished")
    {
        Description = "accept an unfinished recording, which has no index or no end, and use what is there",
    };

    readonly PrivateFolder? folder;

    VideoInput(string named, string path, VideoFacts facts, PrivateFolder? folder) =>
        (Clip, this.folder) = (new(path, facts) { MadeOf = folder is null ? null : named }, folder);

    public static IReadOnlyList<Option> Options { get; } = [LengthLimit.Option, Unfinished];

    /// <summary>The video. A converted file is deleted on disposal.</summary>
    public VideoClip Clip { get; }

    public string Path => Clip.Path;

    public VideoFacts Facts => Clip.Facts;

    /// <param name="arguments">From a command with <see cref="Options"/> and a gateway option. A gateway's services have their own
    /// limits.</param>
    /// <exception cref="InputFault">The file cannot be read, is not a video or exceeds a limit. The message names the option that
    /// helps.</exception>
    public static async Task<VideoInput> OpenAsync(string named, ParseResult arguments, CancellationToken cancel)
    {
        var length = LengthLimit.Read(arguments);
        var limits = arguments.GetValue(SharedOptions.Gateway) is null ? length.Video : SharedOptions.NoLimits;
        InputFile.Find(named, "video");
        var (format, unfinished) = (Animation.FormatOf(named), arguments.GetValue(Unfinished));
        if (format is null && !unfinished)
            return await AsItIsAsync(named, limits, cancel);
        var folder = PrivateFolder.Create();
        try
        {
            var path = folder.File(format is null ? "recording.mkv" : "animation.mp4");
            await (format switch
            {
                null => UnfinishedRecording.ToVideoAsync(named, path, cancel),
                AnimationFormat.WebP => WebPFrames.ToVideoAsync(named, limits, path, cancel),
                _ => Animation.ToVideoAsync(named, length.Longest, path, cancel),
            });
            return new(named, path, await VideoProbe.ReadAsync(path, limits, cancel), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    static async Task<VideoInput> AsItIsAsync(string named, VideoLimits limits, CancellationToken cancel)
    {
        try
        {
            return new(named, named, await VideoProbe.ReadAsync(named, limits, cancel), folder: null);
        }
        // An .mp4 that has lost its index cannot be read.
        catch (InputFault fault) when (
            fault.Message.StartsWith("video: truncated", StringComparison.Ordinal)
                && !fault.Message.Contains("moov", StringComparison.Ordinal))
        {
            throw InputFault.Invalid(
                fault.Field, $"{fault.Message[(fault.Field.Length + 2)..]} ({Unfinished.Name} uses what is there)", fault);
        }
    }

    public void Dispose() => folder?.Dispose();
}
