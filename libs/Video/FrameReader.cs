using System.Runtime.CompilerServices;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>Decodes a video to the frames that the video encoder sees, through a pipe.</summary>
public static class FrameReader
{
    /// <summary>Longest wait for one frame.</summary>
    static readonly TimeSpan FrameLimit = TimeSpan.FromSeconds(60);

    /// <summary>Tolerated number of missing frames at the end: this many, or this share of all. More means a truncated file.</summary>
    const int ToleratedFrames = 6;
    const double ToleratedPart = 0.02;

    /// <summary>Number of frames of a video at 25 frames per second, rounded.</summary>
    public static long FramesIn(TimeSpan duration) =>
        Math.Max(1, (long)Math.Round(duration.TotalSeconds * ClipTiming.FrameRate, MidpointRounding.AwayFromZero));

    /// <summary>
    /// Decodes RGB frames at 25 per second from the first frame on: [FrameSize, FrameSize, 3] bytes each, row-major. There are at most
    /// <see cref="FramesIn"/> of them, and slightly fewer if the last frames do not decode.
    /// </summary>
    /// <remarks>All frames share one buffer. A frame is valid until the next one is requested.</remarks>
    /// <param name="path">The file that the facts describe.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="limits">Of the decoder's memory.</param>
    /// <exception cref="InputFault">
    /// Invalid: the video is truncated or cannot be decoded. Exhausted: decoding it takes too much memory. Precondition: ffmpeg is not
    /// installed.
    /// </exception>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string path, VideoFacts facts, ClipTiming timing, VideoLimits limits, CancellationToken cancellationToken = default) =>
        ReadAsync(
            path, facts, new FrameForm(PictureFilter.Graph(facts, timing), "rgb24", timing.FrameSize * timing.FrameSize * 3), limits,
            cancellationToken);

    /// <summary>The same within the usual limits.</summary>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string path, VideoFacts facts, ClipTiming timing, CancellationToken cancellationToken = default) =>
        ReadAsync(path, facts, timing, new VideoLimits(), cancellationToken);

    /// <summary>The same frames in grey, squeezed to a size, with nothing cropped: [height, width] bytes each.</summary>
    /// <exception cref="InputFault">As above.</exception>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>> ReadGreyAsync(
        string path, VideoFacts facts, int width, int height, CancellationToken cancellationToken = default) =>
        ReadAsync(
            path, facts, new FrameForm(PictureFilter.Whole(facts, width, height), "gray", width * height), new VideoLimits(),
            cancellationToken);

    /// <param name="Filter">Gives 25 frames per second of one size.</param>
    sealed record FrameForm(string Filter, string PixelFormat, int Bytes);

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string path, VideoFacts facts, FrameForm form, VideoLimits limits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var confinement = new Confinement { MemoryBytes = limits.MaxDecoderBytes };
        var expected = FramesIn(facts.Duration);
        var frame = new byte[form.Bytes];
        long frames = 0;
        await using var process = MediaProcess.Start(
            Ffmpeg.Locate().EncoderPath, Arguments(path, facts, form, expected), FrameLimit, cancellationToken, confinement);
        process.Input.Close();
        while (await process.Output.ReadAtLeastAsync(
            frame, frame.Length, throwOnEndOfStream: false, CancellationToken.None) == frame.Length)
        {
            process.ThrowIfKilled();
            process.SuspendLimit();                                          // the consumer's time does not count
            frames++;
            yield return frame;
            process.LimitFromNow(FrameLimit);
        }
        await EndAsync(process, frames, expected);
    }

    static async Task EndAsync(MediaProcess process, long frames, long expected)
    {
        try
        {
            await process.EndAsync();
        }
        catch (MediaProcessException failure)
        {
            throw InputFault.Invalid("video", $"cannot be decoded: {failure.LastLine}", failure);
        }
        if (frames < expected - Math.Max(ToleratedFrames, ToleratedPart * expected) || frames == 0)
            throw InputFault.Invalid(
                "video", $"truncated or damaged: {expected} frames at 25 per second were expected, but {frames} could be decoded");
    }

    static string[] Arguments(string path, VideoFacts facts, FrameForm form, long frames) =>
    [
        .. Ffmpeg.Common, "-copyts", "-threads", Ffmpeg.Threads, .. PictureFilter.ForChangingSizes(facts), .. Ffmpeg.UntrustedVideo(facts),
        "-i", Ffmpeg.Argument(path),
        "-map", $"0:{facts.StreamIndex}", "-an", "-sn", "-dn", "-vf", form.Filter,
        "-frames:v", $"{frames}", "-threads", "1", "-f", "rawvideo", "-pix_fmt", form.PixelFormat, "pipe:1",
    ];
}
