using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>
/// The video that a command works on: the named file, a video converted from an animation or from an unfinished recording, or a black video
/// for sound without a picture.
/// </summary>
sealed class VideoInput : IDisposable
{
    static readonly Option<bool> Unfinished = new("--unfinished")
    {
        Description = "accept an unfinished recording, which has no index or no end, and use what is there",
    };

    readonly PrivateFolder? folder;

    VideoInput(VideoClip clip, PrivateFolder? folder) => (Clip, this.folder) = (clip, folder);

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
            return new(new(path, await VideoProbe.ReadAsync(path, limits, cancel)) { MadeOf = named }, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A black video that stands for no picture.</summary>
    /// <param name="arguments">From a command with <see cref="Options"/>.</param>
    /// <exception cref="InputFault">An option is given that is for a video, or the temporary folder cannot be written.</exception>
    public static async Task<VideoInput> WithoutPictureAsync(double seconds, ParseResult arguments, CancellationToken cancel)
    {
        if (arguments.GetValue(Unfinished))
            throw InputFault.Invalid(Unfinished.Name.TrimStart('-'), "is for a video, but none is given");
        var folder = PrivateFolder.Create();
        try
        {
            var path = folder.File(BlankVideo.Name);
            await BlankVideo.WriteAsync(path, TimeSpan.FromSeconds(seconds), cancel);
            var facts = await VideoProbe.ReadAsync(path, SharedOptions.NoLimits, cancel);
            return new(new VideoClip(path, facts) { Name = BlankVideo.Name }.AsBlank(), folder);
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
            return new(new(named, await VideoProbe.ReadAsync(named, limits, cancel)), folder: null);
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
