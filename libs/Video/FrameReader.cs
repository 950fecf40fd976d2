using System.Runtime.CompilerServices;
using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.Video;

/// <summary>Decodes a video to the frames that the video encoder sees, through a pipe.</summary>
public static class FrameReader
{
    /// <summary>Longest wait for one frame.</summary>
    static readonly TimeSpan FrameLimit = TimeSpan.FromSeconds(60);

    /// <summary>Frames that may be missing at the end before the file counts as truncated: this many, or this part of all.</summary>
    const int ToleratedFrames = 6;
    const double ToleratedPart = 0.02;

    /// <summary>Frames of a video at 25 frames per second, to the nearest.</summary>
    public static long FramesIn(TimeSpan duration) => Math.Max(1, (long)Math.Round(duration.TotalSeconds * ClipTiming.FrameRate, MidpointRounding.AwayFromZero));

    /// <summary>
    /// RGB frames at 25 per second from the first frame on: [FrameSize, FrameSize, 3] bytes each, row-major. At most
    /// <see cref="FramesIn"/> of them; a few less where the last frames of the file do not decode.
    /// </summary>
    /// <remarks>All frames share one buffer: each is valid until the next one is asked for. Copy what must live longer.</remarks>
    /// <param name="path">The file that the facts are of.</param>
    /// <param name="facts">From <see cref="VideoProbe"/>.</param>
    /// <param name="timing">Sizes.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <exception cref="InputFault">Invalid: truncated, or it cannot be decoded. Precondition: ffmpeg is not installed.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string path, VideoFacts facts, ClipTiming timing, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var expected = FramesIn(facts.Duration);
        var frame = new byte[timing.FrameSize * timing.FrameSize * 3];
        long frames = 0;
        await using var process = MediaProcess.Start(Ffmpeg.Locate().EncoderPath, Arguments(path, facts, timing, expected), FrameLimit, cancellationToken);
        process.Input.Close();
        while (await process.Output.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, CancellationToken.None) == frame.Length)
        {
            process.ThrowIfKilled();
            process.SuspendLimit();                                          // the consumer may take its time
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
            throw InputFault.Invalid("video", $"truncated or damaged: {expected} frames at 25 per second were expected, but {frames} could be decoded");
    }

    static string[] Arguments(string path, VideoFacts facts, ClipTiming timing, long frames) =>
    [
        .. Ffmpeg.Common, "-copyts", "-threads", Ffmpeg.Threads, .. PictureFilter.ForChangingSizes(facts), .. Ffmpeg.UntrustedVideo(facts),
        "-max_pixels", MaxPixels(facts), "-i", Ffmpeg.Argument(path),
        "-map", $"0:{facts.StreamIndex}", "-an", "-sn", "-dn", "-vf", PictureFilter.Graph(facts, timing),
        "-frames:v", $"{frames}", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
    ];

    /// <summary>
    /// Browsers and calls record pictures whose size changes: the limit on pixels holds for all of them. Codecs round sizes up to their blocks.
    /// </summary>
    static string MaxPixels(VideoFacts facts)
    {
        const int LargestBlock = 128, ScratchRows = 512;                     // MPEG-2 counts the rows of its scratch buffer as a picture
        var first = (long)(facts.Width + LargestBlock) * Math.Max(facts.Height + LargestBlock, ScratchRows);
        return $"{Math.Max(new VideoLimits().MaxPixels, first)}";
    }
}
