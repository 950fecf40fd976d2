using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>
/// The video that a command works on: the file that is named, or a video made of it where that is an animation or, if asked for, an
/// unfinished recording.
/// </summary>
sealed class VideoInput : IDisposable
{
    static readonly Option<bool> Unfinished = new("--unfinished")
    {
        Description = "take what is there of a recording that was not ended: it has no index, or its end is missing",
    };

    readonly PrivateFolder? folder;

    VideoInput(string named, string path, VideoFacts facts, PrivateFolder? folder) =>
        (Clip, this.folder) = (new(path, facts) { MadeOf = folder is null ? null : named }, folder);

    public static IReadOnlyList<Option> Options { get; } = [LengthLimit.Option, Unfinished];

    /// <summary>The video. Its file goes with this where it was made.</summary>
    public VideoClip Clip { get; }

    public string Path => Clip.Path;

    public VideoFacts Facts => Clip.Facts;

    /// <param name="named">The file.</param>
    /// <param name="arguments">Of a command with <see cref="Options"/> and a gateway, whose services have limits of their own.</param>
    /// <param name="cancel">Kills ffmpeg.</param>
    /// <exception cref="InputFault">It cannot be read, is no video, or is beyond a limit; says which option helps.</exception>
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
        // An .mp4 without its index cannot be read from its start.
        catch (InputFault fault) when (
            fault.Message.StartsWith("video: truncated", StringComparison.Ordinal)
                && !fault.Message.Contains("moov", StringComparison.Ordinal))
        {
            throw InputFault.Invalid(
                fault.Field, $"{fault.Message[(fault.Field.Length + 2)..]} ({Unfinished.Name} takes what is there)", fault);
        }
    }

    public void Dispose() => folder?.Dispose();
}
