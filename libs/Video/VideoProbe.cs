using FFMpegCore;
using Rewas.Faults;

namespace Rewas.Video;

/// <summary>Looks into a video file without decoding it.</summary>
public static class VideoProbe
{
    /// <summary>A picture stream that ends earlier than its header says, by more than both of these, was cut off.</summary>
    const double ToleratedShortfallSeconds = 0.25, ToleratedShortfall = 0.02;

    /// <summary>What ffprobe says of a file that ends before its content does.</summary>
    static readonly string[] SignsOfTruncation = ["partial file", "ended prematurely", "moov atom not found"];

    /// <summary>
    /// :: Step 1: the file and its size. :: Step 2: the header, and limits on what it promises. :: Step 3: the times of all packets, which
    /// give the exact duration and show whether anything is missing. Most of what a look costs is starting ffprobe: both looks run at once.
    /// </summary>
    /// <param name="path">Any name; it can be neither an option nor a URL.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="cancellationToken">Kills ffprobe.</param>
    /// <exception cref="InputFault">
    /// NotFound: no such file. Invalid: not a video, truncated, sound only, too few frames. Exhausted: over a limit.
    /// Precondition: ffmpeg is not installed.
    /// </exception>
    public static async Task<VideoFacts> ReadAsync(string path, VideoLimits limits, CancellationToken cancellationToken = default)
    {
        // :: Step 1
        VideoFile.ThrowUnlessAcceptable(path, limits);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var packets = ReadPacketsAsync(path, limits, abandoned.Token);
        try
        {
            return await ReadAsync(ReadHeaderAsync(path, limits, cancellationToken), packets, limits);
        }
        finally
        {
            await abandoned.CancelAsync();
            await ((Task)packets).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task<VideoFacts> ReadAsync(Task<FileHeader> reading, Task<PacketTimes> packets, VideoLimits limits)
    {
        // :: Step 2
        var header = await reading;
        var picture = header.Picture ?? throw InputFault.Invalid("video", header.HasAudio ? "has sound but no moving picture" : "has no moving picture");
        var turned = picture.ClockwiseRotation() is 90 or 270;
        var (width, height) = turned ? (picture.Height ?? 0, picture.Width ?? 0) : (picture.Width ?? 0, picture.Height ?? 0);
        ThrowUnlessSizeIsAccepted(width, height, limits);
        ThrowIfTooLong(header.PictureDuration.TotalSeconds, limits);

        // :: Step 3
        var times = await packets;
        ThrowIfCutShort(times, header.PictureDuration.TotalSeconds);
        if (times.Frames < limits.MinFrames)
            throw InputFault.Invalid("video", $"must have at least {limits.MinFrames} frames, but has {times.Frames}");
        if (times.Duration <= 0)
            throw InputFault.Invalid("video", "its frames have no times");
        return Facts(header, picture, times) with { Width = width, Height = height, PixelAspect = turned ? 1 / picture.PixelAspect() : picture.PixelAspect() };
    }

    static VideoFacts Facts(FileHeader header, VideoStream picture, PacketTimes times) => new()
    {
        Duration = TimeSpan.FromSeconds(times.Duration),
        Frames = times.Frames,
        Start = TimeSpan.FromSeconds(times.Start),
        StartOffset = TimeSpan.FromSeconds(times.Start) - header.Start,
        Width = picture.Width ?? 0,
        Height = picture.Height ?? 0,
        PixelAspect = picture.PixelAspect(),
        Rotation = picture.ClockwiseRotation(),
        Codec = picture.CodecName ?? "unknown",
        Container = header.Container,
        Interlaced = picture.IsInterlaced(),
        HasAudio = header.HasAudio,
        StreamIndex = picture.Index,
        FfmpegVersion = header.FfmpegVersion,
    };

    static async Task<FileHeader> ReadHeaderAsync(string path, VideoLimits limits, CancellationToken cancellationToken)
    {
        await using var process = StartProber(path, FileHeader.Question, limits, cancellationToken);
        try
        {
            return FileHeader.Parse(await process.ReadTextAsync());
        }
        catch (MediaProcessException failure)
        {
            throw NotAVideo(failure, path);
        }
        catch (InvalidDataException failure)
        {
            throw InputFault.Invalid("video", failure.Message, failure);
        }
    }

    static async Task<PacketTimes> ReadPacketsAsync(string path, VideoLimits limits, CancellationToken cancellationToken)
    {
        var times = new PacketTimes();
        await using var process = StartProber(path, PacketTimes.Question, limits, cancellationToken);
        process.Input.Close();
        using var lines = new StreamReader(process.Output);
        while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
        {
            times.Add(line);
            ThrowIfTooLong(times.Duration, limits);
        }
        try
        {
            var said = await process.EndAsync();
            if (SignsOfTruncation.Any(sign => said.Contains(sign, StringComparison.OrdinalIgnoreCase)))
                throw InputFault.Invalid("video", FormattableString.Invariant($"truncated: the file ends inside its picture, after {times.Frames} frames ({times.Duration:0.###} s)"));
        }
        catch (MediaProcessException failure)
        {
            throw NotAVideo(failure, path);
        }
        return times;
    }

    static MediaProcess StartProber(string path, string[] question, VideoLimits limits, CancellationToken cancellationToken) => MediaProcess.Start(
        Ffmpeg.Locate().ProberPath, [.. Ffmpeg.CommonToProber, .. Ffmpeg.Untrusted, .. question, "-i", Ffmpeg.Argument(path)], limits.ProbeTimeout, cancellationToken);

    static InputFault NotAVideo(MediaProcessException failure, string path) =>
        failure.Mentions("moov atom not found") && VideoFile.BeginsAsMp4(path) ? InputFault.Invalid("video", "truncated: the index of the file (moov) is missing", failure)
        : failure.Mentions("ended prematurely") ? InputFault.Invalid("video", "truncated: the file ends inside its picture", failure)
        : failure.Mentions("permission denied") ? InputFault.Invalid("video", "the file cannot be read: permission denied", failure)
        : InputFault.Invalid("video", "not a video file (mp4, mov, mkv, webm, avi, flv, mpeg, ts, ogg, asf or mxf)", failure);

    static void ThrowUnlessSizeIsAccepted(int width, int height, VideoLimits limits)
    {
        if ((long)width * height > limits.MaxPixels)
            throw InputFault.Exhausted("video", $"at most {limits.MaxPixels} pixels are accepted, but the picture has {width}x{height} = {(long)width * height}");
        if (Math.Min(width, height) < limits.MinSide)
            throw InputFault.Invalid("video", $"each side must have at least {limits.MinSide} pixels, but the picture has {width}x{height}");
        if ((double)Math.Max(width, height) / Math.Min(width, height) > limits.MaxAspectRatio)
            throw InputFault.Invalid("video", FormattableString.Invariant($"one side may be at most {limits.MaxAspectRatio} times the other, but the picture has {width}x{height}"));
    }

    static void ThrowIfCutShort(PacketTimes times, double promisedSeconds)
    {
        if (times.Duration < promisedSeconds - Math.Max(ToleratedShortfallSeconds, ToleratedShortfall * promisedSeconds))
            throw InputFault.Invalid("video", FormattableString.Invariant($"truncated: its header promises {promisedSeconds:0.###} s of picture, but there are {times.Duration:0.###} s"));
    }

    static void ThrowIfTooLong(double seconds, VideoLimits limits)
    {
        if (seconds > limits.MaxDuration.TotalSeconds)
            throw InputFault.Exhausted("video", FormattableString.Invariant($"at most {limits.MaxDuration.TotalSeconds:0.###} s are accepted, but it lasts {seconds:0.###} s or more")
                + (limits.RaisedBy.Length > 0 ? $" ({limits.RaisedBy} raises the limit)" : ""));
    }
}
